namespace GatewayOS.Control.Tests.Reconciling;

/// <summary>Decisions taken from octets that the property test generates, so that a failing case shrinks. Runs out into zeros.</summary>
internal sealed class Choices(byte[] source)
{
    private int _next;

    public int Below(int limit) => _next < source.Length ? source[_next++] % limit : 0;

    public bool OneIn(int n) => Below(n) == n - 1;

    public T[] Shuffle<T>(IEnumerable<T> items)
    {
        T[] array = [.. items];
        for (var i = array.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (array[i], array[j]) = (array[j], array[i]);
        }

        return array;
    }
}
