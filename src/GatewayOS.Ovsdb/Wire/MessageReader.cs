namespace GatewayOS.Ovsdb.Wire;

/// <summary>Cuts a stream of octets into messages.</summary>
internal sealed class MessageReader(Stream stream, int maximumSize)
{
    private const int SmallBuffer = 1 << 16;

    private byte[] _buffer = new byte[SmallBuffer];
    private int _consumed;
    private int _filled;
    private MessageScanner _scanner;

    /// <summary>Takes the next message from what has been read.</summary>
    /// <exception cref="FormatException">The octets are no message, or one that is too long.</exception>
    public bool TryTake(out Message message)
    {
        if (_scanner.TryScan(_buffer.AsSpan(_consumed.._filled)))
        {
            message = _scanner.Take(_buffer.AsMemory(_consumed));
            _consumed += _scanner.Length;
            _scanner = default;
            return true;
        }

        message = default;
        return false;
    }

    /// <summary>Reads what is there; only after <see cref="TryTake"/> has found no further message.</summary>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="FormatException">The stream ends within a message.</exception>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        MakeRoom();
        var count = await stream.ReadAsync(_buffer.AsMemory(_filled), cancellationToken);
        _filled += count;
        return count > 0 || (_scanner.IsInside
            ? throw new FormatException($"the stream ends within a message, after {_filled} octets")
            : false);
    }

    private void MakeRoom()
    {
        var pending = _filled - _consumed;
        if (pending >= maximumSize)
        {
            throw new FormatException($"a message is longer than {maximumSize} octets");
        }

        // The initial contents of a large database fill tens of megabytes, once: do not hold on to them, and do not touch twice as many on the way there.
        var size = pending == _buffer.Length ? (int)Math.Min(maximumSize, _buffer.Length * 4L)
            : pending < SmallBuffer / 2 ? SmallBuffer
            : _buffer.Length;
        if (size == _buffer.Length && _consumed == 0)
        {
            return;
        }

        var target = size == _buffer.Length ? _buffer : GC.AllocateUninitializedArray<byte>(size);
        _buffer.AsSpan(_consumed, pending).CopyTo(target);
        (_buffer, _consumed, _filled) = (target, 0, pending);
    }
}
