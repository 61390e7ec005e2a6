using GatewayOS.Compiler.Emission;
using Xunit;

namespace GatewayOS.Compiler.Tests.Emission;

public sealed class IdAllocatorTests
{
    private readonly IdAllocator _ids = new(1, 4);

    [Fact]
    public void A_content_whose_first_choice_is_taken_gets_the_next_free_number()
    {
        Assert.Equal([3u, 4u, 1u], [_ids.Take(2), _ids.Take(6), _ids.Take(10)]);
        Assert.Equal(4u, _ids.Take(6));
    }

    [Fact]
    public void When_all_numbers_are_taken_there_is_none()
    {
        Assert.All([0u, 1u, 2u, 3u], content => Assert.NotNull(_ids.Take(content)));
        Assert.Null(_ids.Take(4));
    }

    [Fact]
    public void A_number_is_free_when_two_compilations_have_passed_since_its_last_user_left()
    {
        Assert.Equal([3u, 3u, 4u], [_ids.Take(2), _ids.Take(2), _ids.Take(6)]);
        _ids.Release(2);
        Pass(3);
        Assert.Equal(3u, _ids.IdOf(2));
        _ids.Release(2);
        Pass(2);
        Assert.Equal(1u, _ids.Take(10));
        Pass(1);
        Assert.Equal([null, 4u, 3u], [_ids.IdOf(2), _ids.IdOf(6), _ids.Take(14)]);
    }

    [Fact]
    public void A_content_that_is_used_again_has_the_number_it_had()
    {
        _ids.Take(2);
        _ids.Release(2);
        Pass(2);
        Assert.Equal(3u, _ids.Take(2));
        Pass(3);
        Assert.Equal(4u, _ids.Take(6));
    }

    [Fact]
    public void A_content_may_take_over_the_number_of_another()
    {
        _ids.Take(2);
        _ids.Inherit(2, 6);
        Assert.Equal([null, 3u], [_ids.IdOf(2), _ids.IdOf(6)]);
        Assert.Equal(4u, _ids.Take(2));
    }

    [Fact]
    public void All_users_may_leave_at_once()
    {
        Assert.Equal([3u, 4u, 4u], [_ids.Take(2), _ids.Take(6), _ids.Take(6)]);
        _ids.ReleaseAll();
        Assert.Equal(4u, _ids.Take(6));
        Pass(3);
        Assert.Equal([null, 4u], [_ids.IdOf(2), _ids.IdOf(6)]);
    }

    [Fact]
    public void Contents_change_their_numbers_all_at_once()
    {
        Assert.Equal([3u, 4u], [_ids.Take(2), _ids.Take(6)]);
        _ids.Move(new Dictionary<uint, uint> { [3] = 4, [4] = 3 });
        Assert.Equal([4u, 3u], [_ids.Take(2), _ids.Take(6)]);
    }

    [Fact]
    public void Who_had_the_number_is_numbered_anew()
    {
        Assert.Equal([3u, 4u], [_ids.Take(2), _ids.Take(6)]);
        _ids.Move(new Dictionary<uint, uint> { [4] = 3 });
        Assert.Equal([3u, 4u], [_ids.Take(6), _ids.Take(2)]);
    }

    private void Pass(int compilations)
    {
        for (var compilation = 0; compilation < compilations; compilation++)
        {
            _ids.Sweep();
        }
    }
}
