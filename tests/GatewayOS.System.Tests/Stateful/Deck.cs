using GatewayOS.Testing;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>Cards in an order that dice choose, each before any comes for a second time.</summary>
internal sealed class Deck<T>(IReadOnlyList<T> cards, Dice dice)
{
    private readonly List<T> _left = [];

    public T Deal() => TryDeal(_ => true, out var card) ? card! : throw new InvalidOperationException("A deck without cards.");

    /// <summary>One of the cards that are left, if any is of use now.</summary>
    public bool TryDeal(Func<T, bool> isOfUse, out T? card)
    {
        if (_left.Count == 0)
        {
            _left.AddRange(cards);
        }

        List<T> useful = [.. _left.Where(isOfUse)];
        card = useful.Count == 0 ? default : dice.Pick(useful);
        return useful.Count > 0 && _left.Remove(card!);
    }
}
