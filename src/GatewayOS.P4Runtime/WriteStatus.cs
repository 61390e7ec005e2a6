namespace GatewayOS.P4Runtime;

/// <summary>What became of an update: the canonical codes of google.rpc, P4Runtime 1.5, 12.3.</summary>
public enum WriteStatus
{
    Ok = 0,
    Cancelled = 1,
    Unknown = 2,

    /// <summary>The update does not fit the pipeline.</summary>
    InvalidArgument = 3,
    DeadlineExceeded = 4,

    /// <summary>To modify or delete, or referred to, and not there.</summary>
    NotFound = 5,

    /// <summary>To insert, and already there.</summary>
    AlreadyExists = 6,
    PermissionDenied = 7,

    /// <summary>The table is full.</summary>
    ResourceExhausted = 8,

    /// <summary>Still referred to.</summary>
    FailedPrecondition = 9,
    Aborted = 10,
    OutOfRange = 11,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
    DataLoss = 15,
    Unauthenticated = 16,
}
