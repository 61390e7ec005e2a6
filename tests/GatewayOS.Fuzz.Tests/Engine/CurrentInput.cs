using System.IO.MemoryMappedFiles;

namespace GatewayOS.Fuzz.Tests.Engine;

/// <summary>A file that holds the input being read, through memory that the kernel keeps when the process dies: four octets of length, then the input.</summary>
internal sealed class CurrentInput
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public CurrentInput(string name)
    {
        Path = System.IO.Path.Combine(Folder, name + ".input");
        _file = MemoryMappedFile.CreateFromFile(Path, FileMode.Create, mapName: null, Mutator.MaximumSize + sizeof(int));
        _view = _file.CreateViewAccessor();
    }

    public string Path { get; }

    private static string Folder => Directory.CreateDirectory(System.IO.Path.Combine(
        Environment.GetEnvironmentVariable("FUZZ_FOLDER") ?? System.IO.Path.Combine(System.IO.Path.GetTempPath(), "gatewayos-fuzz"))).FullName;

    public void Set(byte[] input)
    {
        _view.Write(0, input.Length);
        _view.WriteArray(sizeof(int), input, 0, input.Length);
    }

    public void Delete()
    {
        _view.Dispose();
        _file.Dispose();
        File.Delete(Path);
    }
}
