using Grpc.Core;
using Wire = GatewayOS.P4Runtime.Protocol;

namespace GatewayOS.SoftSwitch.Serving;

/// <summary>Who may write: the controllers of each role, and the primary among them (P4Runtime 1.5, 5).</summary>
/// <remarks>
/// The primary is the connected controller with the highest election id that the device has ever seen for the role. So when a primary goes away there is none
/// until it, or one with an id at least as high, comes.
/// </remarks>
internal sealed class Arbitration(ulong deviceId)
{
    private readonly Lock _lock = new();
    private readonly List<Controller> _controllers = [];
    private readonly Dictionary<string, UInt128> _highest = [];

    /// <summary>Takes an arbitration update; everybody whom it concerns is told.</summary>
    /// <exception cref="RpcException">The update is not allowed; the stream has to be closed with it.</exception>
    public void Update(Controller controller, Wire.MasterArbitrationUpdate update)
    {
        if (update.DeviceId != deviceId)
        {
            throw Rpc.Fault(StatusCode.NotFound, $"there is no device {update.DeviceId} here, only {deviceId}");
        }

        var role = update.Role?.Name ?? "";
        var election = update.ElectionId is { } id ? ToNumber(id) : (UInt128?)null;
        lock (_lock)
        {
            if (controller.Role is { } previous && previous != role)
            {
                throw Rpc.Fault(StatusCode.FailedPrecondition, "a stream cannot change its role");
            }

            if (election is not null && _controllers.Any(other => other != controller && other.Role == role && other.Election == election))
            {
                throw Rpc.Invalid("another controller has this election id");
            }

            var before = Primary(role);
            if (!_controllers.Contains(controller))
            {
                _controllers.Add(controller);
            }

            var wasPrimary = before == controller;
            (controller.Role, controller.Election) = (role, election);
            if (election is { } given && (!_highest.TryGetValue(role, out var highest) || given > highest))
            {
                _highest[role] = given;
            }

            var after = Primary(role);
            if (before != after || (wasPrimary && after == controller))
            {
                NotifyAll(role);
            }
            else
            {
                Notify(controller, after);
            }
        }
    }

    /// <summary>Forgets a controller whose stream has ended.</summary>
    public void Remove(Controller controller)
    {
        lock (_lock)
        {
            var wasPrimary = controller.Role is { } role && Primary(role) == controller;
            _controllers.Remove(controller);
            if (wasPrimary)
            {
                NotifyAll(controller.Role!);
            }
        }
    }

    /// <exception cref="RpcException">PERMISSION_DENIED: the writer is not the primary of its role.</exception>
    public void RequirePrimary(string role, Wire.Uint128? election)
    {
        lock (_lock)
        {
            if (Primary(role) is not { } primary || election is null || primary.Election != ToNumber(election))
            {
                throw Rpc.Fault(StatusCode.PermissionDenied, "only the primary controller may write");
            }
        }
    }

    public bool IsPrimary(Controller controller)
    {
        lock (_lock)
        {
            return controller.Role is { } role && Primary(role) == controller;
        }
    }

    /// <summary>Sends to the primary of every role; without one the message is lost.</summary>
    public void SendToPrimaries(Wire.StreamMessageResponse message)
    {
        lock (_lock)
        {
            foreach (var role in _highest.Keys)
            {
                Primary(role)?.Send(message);
            }
        }
    }

    private Controller? Primary(string role) => _highest.TryGetValue(role, out var highest)
        ? _controllers.Find(controller => controller.Role == role && controller.Election == highest)
        : null;

    private void NotifyAll(string role)
    {
        var primary = Primary(role);
        foreach (var controller in _controllers.Where(controller => controller.Role == role))
        {
            Notify(controller, primary);
        }
    }

    private void Notify(Controller controller, Controller? primary)
    {
        var update = new Wire.MasterArbitrationUpdate
        {
            DeviceId = deviceId,
            Status = controller == primary
                ? new Google.Rpc.Status { Code = (int)StatusCode.OK, Message = "you are the primary" }
                : primary is not null
                    ? new Google.Rpc.Status { Code = (int)StatusCode.AlreadyExists, Message = "another controller is the primary" }
                    : new Google.Rpc.Status { Code = (int)StatusCode.NotFound, Message = "there is no primary" },
        };
        if (_highest.TryGetValue(controller.Role!, out var highest))
        {
            update.ElectionId = new Wire.Uint128 { High = (ulong)(highest >> 64), Low = (ulong)highest };
        }

        if (controller.Role!.Length > 0)
        {
            update.Role = new Wire.Role { Name = controller.Role };
        }

        controller.Send(new Wire.StreamMessageResponse { Arbitration = update });
    }

    private static UInt128 ToNumber(Wire.Uint128 id) => new(id.High, id.Low);
}
