using System.Diagnostics;
using GatewayOS.Lab.Running;

namespace GatewayOS.Lab.Traffic;

/// <summary>What is done with conversations of any protocol.</summary>
internal static class Conversation
{
    /// <summary>Datagrams and connections need <see cref="EchoServers"/> at the other end.</summary>
    /// <param name="lab">Where the flow is.</param>
    /// <param name="flow">Between whom.</param>
    /// <param name="protocol">What is sent.</param>
    /// <param name="patience">How long a connection may take to open.</param>
    /// <param name="token">Breaks it off.</param>
    public static async Task<IConversation> OpenAsync(LabNetwork lab, Flow flow, Protocol protocol, TimeSpan patience, CancellationToken token) => protocol switch
    {
        Protocol.Ping => await Ping.OpenAsync(lab, flow, token),
        Protocol.Udp => await Datagrams.OpenAsync(lab, flow, token),
        Protocol.Tcp => await Connection.OpenAsync(lab, flow, patience, token),
        _ => throw new UnreachableException(),
    };

    /// <summary>Talks as scheduled.</summary>
    /// <returns>Answers that came.</returns>
    public static async Task<int> RunAsync(this IConversation conversation, Schedule schedule, CancellationToken token)
    {
        var answers = 0;
        for (var sent = 1; schedule.Allows(sent); sent++)
        {
            answers += await conversation.ExchangeAsync(schedule.Patience, token) ? 1 : 0;
            await Task.Delay(schedule.Pause, TimeProvider.System, token);
        }

        return answers;
    }
}
