using System.ComponentModel;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GatewayOS.Linux.Namespaces;

/// <summary>Runs code in another network namespace of this machine, see network_namespaces(7) and setns(2).</summary>
/// <remarks>
/// A thread belongs to one namespace, and a socket stays for ever in the one of the thread that made it. So it is enough to make a
/// socket here; it may be used anywhere afterwards. The thread is ended, it never goes back to a pool.
/// </remarks>
public static partial class NetworkNamespace
{
    private const int CloneNewNetwork = 0x40000000;

    /// <summary>The file that names a namespace made by <c>ip netns add</c>, see ip-netns(8).</summary>
    public static string PathOf(string name) => Path.Combine("/run/netns", name);

    /// <summary>Calls <paramref name="function"/> on a thread of its own inside the namespace, and waits for it.</summary>
    /// <param name="path">A namespace file: <see cref="PathOf"/> or <c>/proc/PID/ns/net</c>.</param>
    /// <param name="function">What to run; an exception of it comes out of this call. It must not await.</param>
    /// <exception cref="Win32Exception">The caller may not enter the namespace (it needs CAP_SYS_ADMIN).</exception>
    /// <exception cref="FileNotFoundException">There is no such namespace.</exception>
    public static T Run<T>(string path, Func<T> function)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no network namespace {path}.", path);
        }

        using var handle = File.OpenHandle(path);
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Enter(handle, path);
                result = function();
            }
#pragma warning disable CA1031 // It is rethrown on the caller's thread.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    private static void Enter(SafeFileHandle handle, string path)
    {
        if (SetNamespace(handle, CloneNewNetwork) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new Win32Exception(error, $"Cannot enter the network namespace {path}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle handle, int kind);
}
