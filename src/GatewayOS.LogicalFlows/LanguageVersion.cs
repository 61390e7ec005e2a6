namespace GatewayOS.LogicalFlows;

/// <summary>Whose language is read. They differ in a few symbols, actions and canonical forms.</summary>
public enum LanguageVersion
{
    /// <summary>
    /// Everything that any OVN from 22.03 to the newest accepts. Where versions disagree on a meaning or a canonical form, the newest counts.
    /// </summary>
    Any,

    /// <summary>OVN 23.03: what its ovn-controller and ovn-trace accept, and how they write it.</summary>
    Ovn2303,

    /// <summary>The newest OVN (26.03 and its main branch of 2026): what it accepts, nothing that it has dropped.</summary>
    Newest,
}
