using GatewayOS.Bmv2.Control;
using Google.Rpc;
using Grpc.Core;
using Wire = GatewayOS.P4Runtime.Protocol;

namespace GatewayOS.SoftSwitch.Serving;

/// <summary>Errors as P4Runtime reports them.</summary>
internal static class Rpc
{
    public static RpcException Fault(StatusCode code, string message) => new(new Grpc.Core.Status(code, message));

    public static RpcException Invalid(string message) => Fault(StatusCode.InvalidArgument, message);

    public static void Require(ControlResult result)
    {
        if (!result.IsOk)
        {
            throw Fault(CodeOf(result.Code), result.Message);
        }
    }

    /// <summary>The status of a batch of which an update failed: UNKNOWN, with one error an update in order (P4Runtime 1.5, 12.3).</summary>
    public static RpcException Batch(IReadOnlyList<RpcException?> outcomes)
    {
        var status = new Google.Rpc.Status { Code = (int)Code.Unknown, Message = "one or more updates failed" };
        foreach (var outcome in outcomes)
        {
            status.Details.Add(Google.Protobuf.WellKnownTypes.Any.Pack(new Wire.Error
            {
                CanonicalCode = (int)(outcome?.StatusCode ?? StatusCode.OK),
                Message = outcome?.Status.Detail ?? "",
            }));
        }

        return status.ToRpcException();
    }

    private static StatusCode CodeOf(ControlCode code) => code switch
    {
        ControlCode.Ok => StatusCode.OK,
        ControlCode.InvalidArgument => StatusCode.InvalidArgument,
        ControlCode.NotFound => StatusCode.NotFound,
        ControlCode.AlreadyExists => StatusCode.AlreadyExists,
        ControlCode.PermissionDenied => StatusCode.PermissionDenied,
        ControlCode.ResourceExhausted => StatusCode.ResourceExhausted,
        ControlCode.FailedPrecondition => StatusCode.FailedPrecondition,
        ControlCode.Unimplemented => StatusCode.Unimplemented,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
