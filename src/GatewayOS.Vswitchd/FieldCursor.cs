using System.Buffers;

namespace GatewayOS.Vswitchd;

/// <summary>Goes through <c>name=value,name=(fields),...</c>; a value in brackets is told without them.</summary>
internal ref struct FieldCursor(ReadOnlySpan<char> rest)
{
    private static readonly SearchValues<char> s_name = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_0123456789");

    private ReadOnlySpan<char> _rest = rest;

    public ReadOnlySpan<char> Name { get; private set; }

    public ReadOnlySpan<char> Value { get; private set; }

    /// <summary>What follows is no field.</summary>
    public bool IsBroken { get; private set; }

    public bool MoveNext()
    {
        if (_rest.IsEmpty || IsBroken)
        {
            return false;
        }

        var equals = _rest.IndexOf('=');
        if (equals <= 0 || _rest[..equals].ContainsAnyExcept(s_name))
        {
            return Break();
        }

        Name = _rest[..equals];
        var value = _rest[(equals + 1)..];
        var isGroup = value.StartsWith('(');
        var end = isGroup ? value.IndexOf(')') : value.IndexOf(',');
        if (isGroup && end < 0)
        {
            return Break();
        }

        end = end < 0 ? value.Length : end;
        Value = value[(isGroup ? 1 : 0)..end];
        _rest = value[(isGroup ? end + 1 : end)..];
        if (_rest.IsEmpty)
        {
            return true;
        }

        // A comma separates two fields: there is one behind it.
        if (_rest[0] != ',' || _rest.Length == 1)
        {
            return Break();
        }

        _rest = _rest[1..];
        return true;
    }

    private bool Break()
    {
        IsBroken = true;
        return false;
    }
}
