using GatewayOS.Bmv2.Layout;
using GatewayOS.Bmv2.Loading;

namespace GatewayOS.Bmv2.Runtime;

/// <summary>The named things that actions refer to.</summary>
internal sealed class ProgramObjects
{
    private readonly Dictionary<string, Calculation> _calculations = [];

    public ProgramObjects(JsonPart root, ProgramLayout layout)
    {
        foreach (var part in root.Optional("calculations"))
        {
            _calculations[part["name"].Text] = Runtime.Calculation.Load(part, layout);
        }

        Counters = [.. root.Optional("counter_arrays").Select(CounterShape.Read)];
        Meters = [.. root.Optional("meter_arrays").Select(part => MeterShape.Read(part, layout))];
        Registers = [.. root.Optional("register_arrays").Select(RegisterShape.Read)];
    }

    public CounterShape[] Counters { get; }

    public MeterShape[] Meters { get; }

    public RegisterShape[] Registers { get; }

    public Calculation Calculation(JsonPart name) => _calculations.TryGetValue(name.Text, out var calculation)
        ? calculation
        : throw name.Error($"there is no calculation '{name.Text}'");

    public int Counter(JsonPart name) => IndexOf(Counters, counter => counter.Name == name.Text, name, "counter array");

    public int Meter(JsonPart name) => IndexOf(Meters, meter => meter.Name == name.Text, name, "meter array");

    public int Register(JsonPart name) => IndexOf(Registers, register => register.Name == name.Text, name, "register array");

    private static int IndexOf<T>(T[] items, Predicate<T> matches, JsonPart name, string kind) =>
        Array.FindIndex(items, matches) is >= 0 and var index ? index : throw name.Error($"there is no {kind} '{name.Text}'");

    /// <param name="Name">Of the counter array.</param>
    /// <param name="Size">0 for a direct counter, which each entry has its own of.</param>
    /// <param name="Table">The table of a direct counter.</param>
    internal sealed record CounterShape(string Name, int Size, string? Table)
    {
        public static CounterShape Read(JsonPart part) => part["is_direct"].Boolean
            ? new CounterShape(part["name"].Text, 0, part["binding"].Text)
            : new CounterShape(part["name"].Text, part["size"].Integer, null);
    }

    /// <param name="Name">Of the meter array.</param>
    /// <param name="Size">0 for a direct meter.</param>
    /// <param name="CountsOctets">Else it counts packets.</param>
    /// <param name="Table">The table of a direct meter.</param>
    /// <param name="Target">The field that a direct meter stores its colour in.</param>
    internal sealed record MeterShape(string Name, int Size, bool CountsOctets, string? Table, FieldLayout? Target)
    {
        public static MeterShape Read(JsonPart part, ProgramLayout layout)
        {
            var type = part["type"];
            if (type.Text is not ("bytes" or "packets"))
            {
                throw type.Error("'bytes' or 'packets' is expected");
            }

            return part["is_direct"].Boolean
                ? new MeterShape(part["name"].Text, 0, type.Text == "bytes", part["binding"].Text, layout.Field(part["result_target"]))
                : new MeterShape(part["name"].Text, part["size"].Integer, type.Text == "bytes", null, null);
        }
    }

    internal sealed record RegisterShape(string Name, int Size, int Width)
    {
        public static RegisterShape Read(JsonPart part) => part["bitwidth"].Integer is > 0 and <= ProgramLayout.MaxRegisterWidth and var width
            ? new RegisterShape(part["name"].Text, part["size"].Integer, width)
            : throw part.Error("a register has 1 to 1024 bits here");
    }
}
