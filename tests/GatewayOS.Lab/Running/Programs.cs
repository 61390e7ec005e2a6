namespace GatewayOS.Lab.Running;

/// <summary>Finds the launchers of our own programs.</summary>
internal static class Programs
{
    /// <summary>The launcher in bin/ of the repository this program was built in.</summary>
    /// <exception cref="LabException">It is not built.</exception>
    public static string PathOf(string name)
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "GatewayOS.sln")))
            {
                var launcher = Path.Combine(folder, "bin", name);
                return File.Exists(launcher) ? launcher : throw new LabException($"{launcher} is missing: run `make build`.");
            }
        }

        throw new LabException($"{AppContext.BaseDirectory} is not inside the repository, so bin/{name} cannot be found.");
    }
}
