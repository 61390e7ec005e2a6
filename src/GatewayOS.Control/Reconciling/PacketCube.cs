using GatewayOS.P4;

namespace GatewayOS.Control.Reconciling;

/// <summary>The packets that a row tests for, as masked fields; rows before it may take some.</summary>
internal sealed class PacketCube
{
    private readonly Dictionary<string, (UInt128 Value, UInt128 Mask)> _tests = [];

    private PacketCube()
    {
    }

    /// <summary>Every packet.</summary>
    public static PacketCube All { get; } = new();

    /// <param name="row">A row of a state: its first key says which.</param>
    public static PacketCube Of(TableEntry row)
    {
        var cube = new PacketCube();
        foreach (var match in row.Match.Skip(1))
        {
            cube._tests[match.Field] = TestOf(row.Table, match);
        }

        return cube;
    }

    /// <summary>Whether a packet may match both.</summary>
    public bool Meets(TableEntry row)
    {
        for (var i = 1; i < row.Match.Count; i++)
        {
            var match = row.Match[i];
            if (_tests.TryGetValue(match.Field, out var own) && TestOf(row.Table, match) is var (value, mask) && ((own.Value ^ value) & own.Mask & mask) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private static (UInt128 Value, UInt128 Mask) TestOf(string table, FieldMatch match) => match switch
    {
        FieldMatch.Exact(_, var value) => (value, UInt128.MaxValue),
        FieldMatch.Ternary(_, var value, var mask) => (value, mask),
        FieldMatch.Lpm(var field, var value, var length) => (value, UInt128.MaxValue << (Pipeline.TablesByName[table].Keys.First(key => key.Name == field).Width - length)),
        _ => (0, 0),
    };
}
