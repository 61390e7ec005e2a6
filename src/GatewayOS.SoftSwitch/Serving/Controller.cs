using System.Threading.Channels;
using Wire = GatewayOS.P4Runtime.Protocol;

namespace GatewayOS.SoftSwitch.Serving;

/// <summary>A connected controller: its role, its election id, and what waits to be sent to it.</summary>
internal sealed class Controller
{
    // A controller that does not read loses the newest packets, not the switch its memory.
    private readonly Channel<Wire.StreamMessageResponse> _messages =
        Channel.CreateBounded<Wire.StreamMessageResponse>(new BoundedChannelOptions(65536) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Null until the first arbitration update; empty for the default role, which may do everything.</summary>
    public string? Role { get; set; }

    /// <summary>Null in a controller that never wants to be primary.</summary>
    public UInt128? Election { get; set; }

    public void Send(Wire.StreamMessageResponse message) => _messages.Writer.TryWrite(message);

    public void Finish() => _messages.Writer.TryComplete();

    public IAsyncEnumerable<Wire.StreamMessageResponse> MessagesAsync(CancellationToken cancellation) => _messages.Reader.ReadAllAsync(cancellation);
}
