namespace GatewayOS.Control.Tracking;

/// <summary>How many connections there are, and where.</summary>
/// <param name="Known">Answered connections of all zones that the tracker has.</param>
/// <param name="Refused">How often one was not followed because the limit was reached.</param>
/// <param name="Unanswered">Connections that nobody has answered: of these is only known that they exist.</param>
/// <param name="Offloaded">Directions of connections that the device forwards.</param>
/// <param name="Resting">Directions that have been silent: the device has them, but OVS is to see their next packet.</param>
/// <param name="Waiting">Directions that wait for their turn, or for room on the device.</param>
/// <param name="Failed">Directions that the device refused.</param>
public sealed record ConnectionCounts(int Known, long Refused, int Unanswered, int Offloaded, int Resting, int Waiting, long Failed)
{
    public static ConnectionCounts None { get; } = new(0, 0, 0, 0, 0, 0, 0);
}
