using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace GatewayOS.Ovsdb.Model;

/// <summary>Returns the same string for the same text, mostly, without allocating it anew.</summary>
/// <remarks>
/// Matches, actions and external ids of logical flows repeat a lot. Each slot remembers the last string that hashed to it, so the
/// pool is of fixed size, never grows stale, and forgetting only costs memory that could have been shared.
/// </remarks>
internal sealed class TextPool
{
    private const int Slots = 1 << 16;

    private readonly string?[] _texts = new string?[Slots];
    private readonly TextMap?[] _maps = new TextMap?[Slots / 16];
    private byte[] _unescaped = new byte[1024];

    /// <summary>The string or property name at which the reader stands.</summary>
    public string Get(ref Utf8JsonReader json)
    {
        if (!json.ValueIsEscaped)
        {
            return Get(json.ValueSpan);
        }

        if (_unescaped.Length < json.ValueSpan.Length)
        {
            _unescaped = new byte[json.ValueSpan.Length * 2];
        }

        return Get(_unescaped.AsSpan(0, json.CopyString(_unescaped)));
    }

    /// <summary>The map, or an equal one seen before.</summary>
    public TextMap Share(TextMap map)
    {
        ref var slot = ref _maps[(uint)map.GetHashCode() % (uint)_maps.Length];
        return slot is not null && slot.Equals(map) ? slot : slot = map;
    }

    private string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return "";
        }

        ref var slot = ref _texts[Hash(utf8) & (Slots - 1)];
        return slot is not null && Ascii.Equals(utf8, slot) ? slot : slot = Encoding.UTF8.GetString(utf8);
    }

    private static ulong Hash(ReadOnlySpan<byte> utf8)
    {
        const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;
        var hash = (ulong)utf8.Length;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(utf8))
        {
            hash = Mix(hash ^ word);
        }

        foreach (var octet in utf8[(utf8.Length & ~7)..])
        {
            hash = Mix(hash ^ octet);
        }

        return hash;

        static ulong Mix(ulong value)
        {
            value *= Multiplier;
            return value ^ value >> 32;
        }
    }
}
