using GatewayOS.Compiler.Emission;
using Xunit;

namespace GatewayOS.Compiler.Tests.Emission;

public sealed class IdAllocatorTests
{
    private readonly IdAllocator _ids = new(1, 4);

    [Fact]
    public void A_content_whose_first_choice_is_taken_gets_the_next_free_number()
    {
        Assert.Equal([3u, 4u, 1u], [_ids.IdOf(2), _ids.IdOf(6), _ids.IdOf(10)]);
        Assert.Equal(4u, _ids.IdOf(6));
    }

    [Fact]
    public void When_all_numbers_are_taken_there_is_none()
    {
        Assert.All([0u, 1u, 2u, 3u], content => Assert.NotNull(_ids.IdOf(content)));
        Assert.Null(_ids.IdOf(4));
    }

    [Fact]
    public void A_number_is_free_when_two_compilations_have_not_asked_for_it()
    {
        _ids.IdOf(2);
        for (var compilation = 0; compilation < 3; compilation++)
        {
            Assert.Equal(4u, _ids.IdOf(6));
            _ids.Sweep();
        }

        Assert.Equal(4u, _ids.IdOf(6));
        Assert.Equal(3u, _ids.IdOf(10));
    }

    [Fact]
    public void Contents_change_their_numbers_all_at_once()
    {
        Assert.Equal([3u, 4u], [_ids.IdOf(2), _ids.IdOf(6)]);
        _ids.Move(new Dictionary<uint, uint> { [3] = 4, [4] = 3 });
        Assert.Equal([4u, 3u], [_ids.IdOf(2), _ids.IdOf(6)]);
    }

    [Fact]
    public void Who_had_the_number_is_numbered_anew()
    {
        Assert.Equal([3u, 4u], [_ids.IdOf(2), _ids.IdOf(6)]);
        _ids.Move(new Dictionary<uint, uint> { [4] = 3 });
        Assert.Equal([3u, 4u], [_ids.IdOf(6), _ids.IdOf(2)]);
    }
}
