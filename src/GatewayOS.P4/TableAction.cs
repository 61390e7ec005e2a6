namespace GatewayOS.P4;

/// <summary>What an entry does: a call, or, in a table with an action selector, a choice among calls.</summary>
public abstract record TableAction
{
    private protected TableAction()
    {
    }
}
