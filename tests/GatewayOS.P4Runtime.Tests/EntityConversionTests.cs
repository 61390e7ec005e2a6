using CsCheck;
using Google.Protobuf;
using GatewayOS.P4;
using Xunit;
using Wire = GatewayOS.P4Runtime.Protocol;

namespace GatewayOS.P4Runtime.Tests;

public sealed class EntityConversionTests
{
    [Fact]
    public void What_is_read_back_equals_what_was_written()
    {
        var index = TestPipeline.Gateway.Info;
        EntityGenerators.Any.Sample(entity =>
        {
            var bytes = EntityWriter.Entity(index, entity).ToByteArray();
            Assert.Equal(entity, EntityReader.Entity(index, Wire.Entity.Parser.ParseFrom(bytes)));
        });
    }

    [Fact]
    public void A_meter_is_only_ever_modified_and_without_a_configuration_lets_everything_pass()
    {
        var index = TestPipeline.Gateway.Info;
        var cell = new MeterCell(MeterNames.Meters, 7, 1000, 200);
        foreach (var kind in new[] { UpdateKind.Insert, UpdateKind.Modify, UpdateKind.Delete })
        {
            var update = EntityWriter.Update(index, new EntityUpdate(kind, cell));

            Assert.Equal(Wire.Update.Types.Type.Modify, update.Type);
            Assert.Equal(kind == UpdateKind.Delete ? null : cell, EntityReader.Entity(index, update.Entity));
            Assert.Equal(kind == UpdateKind.Delete ? null : (125_000, 25_000), update.Entity.MeterEntry.Config is { } config ? (config.Pir, config.Pburst) : null as (long, long)?);
        }
    }

    [Theory]
    [InlineData(0u, "00")]
    [InlineData(1u, "01")]
    [InlineData(255u, "ff")]
    [InlineData(256u, "0100")]
    [InlineData(0x0a000001u, "0a000001")]
    public void Values_have_the_fewest_bytes_that_hold_them(uint value, string bytes)
    {
        Assert.Equal(bytes, Convert.ToHexStringLower(Bitstrings.Encode(value).Span));
    }

    [Theory]
    [InlineData("00000001")]
    [InlineData("01")]
    [InlineData("0000000000000000000000000000000000000001")]
    public void Values_may_come_with_leading_zeros(string bytes)
    {
        Assert.Equal((UInt128)1, Bitstrings.Decode(ByteString.CopyFrom(Convert.FromHexString(bytes))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0100000000000000000000000000000000")]
    public void Values_without_bytes_or_with_too_many_bits_are_refused(string bytes)
    {
        Assert.Throws<FormatException>(() => Bitstrings.Decode(ByteString.CopyFrom(Convert.FromHexString(bytes))));
    }

    [Fact]
    public void A_replica_in_the_deprecated_form_is_read()
    {
#pragma warning disable CS0612 // The form that servers before P4Runtime 1.4 send.
        var wire = new Wire.Entity
        {
            PacketReplicationEngineEntry = new()
            {
                MulticastGroupEntry = new() { MulticastGroupId = 4, Replicas = { new Wire.Replica { EgressPort = 300, Instance = 2 } } },
            },
        };
#pragma warning restore CS0612
        Assert.Equal(new MulticastGroup(4, [new Replica(300, 2)]), EntityReader.Entity(TestPipeline.Gateway.Info, wire));
    }

    [Fact]
    public void An_entry_that_does_not_fit_the_program_is_refused_with_its_name()
    {
        var unknownTable = new TableEntry("no_such_table", [], 0, PipelineActions.Deny);
        var unknownField = new TableEntry(TableNames.Encap, [new FieldMatch.Exact("no_such_field", 1)], 0, PipelineActions.Deny);
        Assert.Contains("no_such_table", Refusal(unknownTable), StringComparison.Ordinal);
        Assert.Contains("no_such_field", Refusal(unknownField), StringComparison.Ordinal);

        static string Refusal(TableEntry entry) =>
            Assert.Throws<FormatException>(() => EntityWriter.Entity(TestPipeline.Gateway.Info, entry)).Message;
    }
}
