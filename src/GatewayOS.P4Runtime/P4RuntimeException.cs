using System.Diagnostics;
using System.Globalization;
using Grpc.Core;

namespace GatewayOS.P4Runtime;

/// <summary>A call to a device failed as a whole: the session is of no more use, except after <see cref="P4RuntimeFault.CallRefused"/>.</summary>
public sealed class P4RuntimeException : Exception
{
    public P4RuntimeException(P4RuntimeFault fault, string remote, string message, Exception? inner = null)
        : base($"{remote}: {message}. {RemedyOf(fault)}", inner)
    {
        Fault = fault;
        Remote = remote;
    }

    public P4RuntimeFault Fault { get; }

    /// <summary>The address as configured.</summary>
    public string Remote { get; }

    /// <summary>What an operator can do.</summary>
    public string Remedy => RemedyOf(Fault);

    internal static P4RuntimeException From(RpcException failure, string remote, string attempt, TimeSpan patience) => failure.StatusCode == StatusCode.DeadlineExceeded
        ? new(P4RuntimeFault.Silent, remote, string.Create(CultureInfo.InvariantCulture, $"could not {attempt}: no answer for {patience.TotalSeconds} s"), failure)
        : new(FaultOf(failure.StatusCode), remote, $"could not {attempt}: {failure.StatusCode} {failure.Status.Detail}", failure);

    private static P4RuntimeFault FaultOf(StatusCode code)
    {
        if (code is StatusCode.Unavailable or StatusCode.Cancelled)
        {
            return P4RuntimeFault.Unreachable;
        }

        return code == StatusCode.PermissionDenied ? P4RuntimeFault.NotPrimary
            : code == StatusCode.FailedPrecondition ? P4RuntimeFault.PipelineMismatch
            : P4RuntimeFault.CallRefused;
    }

    private static string RemedyOf(P4RuntimeFault fault) => fault switch
    {
        P4RuntimeFault.Unreachable => "Check that the device runs and that the address and device id are its own",
        P4RuntimeFault.Silent => "Restart the device's process if it hangs (its log may say where); if it is only slow, raise `timeout` of [device]",
        P4RuntimeFault.NotPrimary => "Stop the other controller, or give this one a higher election id",
        P4RuntimeFault.PipelineRefused => "Check that the program was compiled for this target (p4/build.sh) and see the device's log",
        P4RuntimeFault.PipelineMismatch => "Load the program again; controller and device do not have the same one",
        P4RuntimeFault.CallRefused => "See the device's log",
        _ => throw new UnreachableException(),
    };
}
