using System.Globalization;
using CsCheck;
using GatewayOS.Ovsdb.Model;
using Xunit;

namespace GatewayOS.Ovsdb.Tests.Model;

public sealed class TableTests
{
    // Few distinct UUIDs of two kinds, so that edits meet: neighbours that differ in the last digit, and random ones.
    private static readonly Gen<Guid> s_uuid = Gen.OneOf(
        Gen.Int[0, 200].Select(n => new Guid(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)n)),
        Gen.Int[0, 200].Select(n => new Guid(unchecked((int)(n * 2654435761)), 1, 2, 3, 4, 5, 6, 7, 8, 9, (byte)n)));

    private static readonly Gen<(Guid Uuid, bool Delete, int Body)[]> s_edits =
        Gen.Select(s_uuid, Gen.Bool, Gen.Int[0, 3]).Array[0, 120];

    [Fact]
    public void A_table_holds_what_a_dictionary_holds_after_the_same_edits_in_uuid_order() =>
        s_edits.Array[1, 6].Sample(batches =>
        {
            var (table, model) = (Table<NoteRow>.Empty, new Dictionary<Guid, NoteRow>());
            foreach (var batch in batches)
            {
                var before = table;
                var rows = before.ToArray();
                table = Edit(table, model, batch);
                Assert.Equal(rows, before);
                Assert.Equal(model.Values.OrderBy(row => row.Uuid), table);
                Assert.Equal(model.Count, table.Count);
                Assert.All(model, pair => Assert.Same(pair.Value, table[pair.Key]));
            }
        });

    [Fact]
    public void Changes_between_two_versions_turn_the_one_into_the_other() =>
        Gen.Select(s_edits, s_edits, s_edits).Sample((first, second, third) =>
        {
            var model = new Dictionary<Guid, NoteRow>();
            var earlier = Edit(Table<NoteRow>.Empty, model, first);
            var later = Edit(Edit(earlier, model, second), model, third);
            var replay = earlier.ToDictionary(row => row.Uuid);
            foreach (var (old, current) in later.ChangesSince(earlier))
            {
                Assert.NotSame(old, current);
                Assert.Same(old, replay.GetValueOrDefault((current ?? old)!.Uuid));
                replay.Remove((current ?? old)!.Uuid);
                if (current is not null)
                {
                    replay.Add(current.Uuid, current);
                }
            }

            Assert.Equal(later, replay.Values.OrderBy(row => row.Uuid));
        });

    [Fact]
    public void A_row_that_is_not_there_is_null_or_an_error_that_names_the_table()
    {
        Table<NoteRow> table = [Note(1, "a")];
        Assert.Null(table.Find(Guid.Empty));
        Assert.Null(table.Find(null));
        Assert.Contains("Note", Assert.Throws<KeyNotFoundException>(() => table[Guid.Empty]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_rows_with_one_uuid_the_last_counts() =>
        Assert.Equal("b", Assert.Single<NoteRow>(Table.Create<NoteRow>([Note(1, "a"), Note(1, "b")])).Body);

    private static Table<NoteRow> Edit(
        Table<NoteRow> table, Dictionary<Guid, NoteRow> model, (Guid Uuid, bool Delete, int Body)[] edits)
    {
        var edited = edits.DistinctBy(edit => edit.Uuid).ToLookup(edit => edit.Delete);
        var rows = edited[false].Select(edit =>
            new NoteRow { Uuid = edit.Uuid, Body = edit.Body.ToString(CultureInfo.InvariantCulture) }).ToArray();
        var gone = edited[true].Select(edit => edit.Uuid).ToArray();
        Array.ForEach(rows, row => model[row.Uuid] = row);
        Array.ForEach(gone, uuid => model.Remove(uuid));
        return table.With(rows).Without(gone);
    }

    private static NoteRow Note(byte uuid, string body) =>
        new() { Uuid = new Guid(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, uuid), Body = body };
}
