namespace GatewayOS.LogicalFlows;

/// <summary>
/// Whose language is read. They differ in a few symbols, actions, prerequisites and canonical forms; the README lists all differences. A release stands for its first
/// version: later ones of the same series may have got parts of newer languages. The numbers are years and months.
/// </summary>
public enum LanguageVersion
{
    /// <summary>
    /// Everything that any OVN from 22.03 to the newest accepts. Where versions disagree on a meaning or a canonical form, the newest counts.
    /// </summary>
    Any = 0,

    Ovn2203 = 2203,
    Ovn2206 = 2206,
    Ovn2209 = 2209,
    Ovn2212 = 2212,

    /// <summary>Held against ovn-trace 23.03.1.</summary>
    Ovn2303 = 2303,

    Ovn2306 = 2306,
    Ovn2309 = 2309,
    Ovn2403 = 2403,
    Ovn2409 = 2409,

    /// <summary>Held against ovn-trace 25.03.0.</summary>
    Ovn2503 = 2503,

    Ovn2509 = 2509,
    Ovn2603 = 2603,

    /// <summary>OVN's main branch after 26.03: what it accepts, nothing that it has dropped. Held against its own test program.</summary>
    Newest = int.MaxValue,
}
