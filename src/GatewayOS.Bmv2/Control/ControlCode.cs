namespace GatewayOS.Bmv2.Control;

/// <summary>How a write by the control plane ended. The members mean what the canonical codes of gRPC of the same names mean.</summary>
public enum ControlCode
{
    Ok,
    InvalidArgument,
    NotFound,
    AlreadyExists,
    PermissionDenied,
    ResourceExhausted,
    FailedPrecondition,
    Unimplemented,
}
