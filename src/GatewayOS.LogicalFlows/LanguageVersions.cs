using System.Globalization;

namespace GatewayOS.LogicalFlows;

/// <summary>The order of OVN's releases.</summary>
public static class LanguageVersions
{
    /// <summary>Whether what came with a release is in this language.</summary>
    public static bool IsFrom(this LanguageVersion version, LanguageVersion first) => version == LanguageVersion.Any || version >= first;

    /// <summary>Whether what a release dropped or changed is still in this language.</summary>
    public static bool IsBefore(this LanguageVersion version, LanguageVersion change) => version == LanguageVersion.Any || version < change;

    /// <summary>Reads <c>any</c>, <c>newest</c> or a release such as <c>23.03</c>.</summary>
    public static bool TryParse(string text, out LanguageVersion version)
    {
        foreach (var candidate in Enum.GetValues<LanguageVersion>())
        {
            if (string.Equals(candidate.ToText(), text, StringComparison.OrdinalIgnoreCase))
            {
                version = candidate;
                return true;
            }
        }

        version = default;
        return false;
    }

    /// <summary><c>any</c>, <c>newest</c>, or the release with a dot.</summary>
    public static string ToText(this LanguageVersion version) =>
        version == LanguageVersion.Any ? "any"
        : version == LanguageVersion.Newest ? "newest"
        : string.Create(CultureInfo.InvariantCulture, $"{(int)version / 100:00}.{(int)version % 100:00}");

    /// <summary>Whose language a database is written in.</summary>
    /// <param name="internalVersion">
    /// SB_Global's option <c>northd_internal_version</c>: the version of ovn-northd, then after hyphens that of the schema and the number of actions, such as
    /// <c>23.03.1-20.27.0-70.6</c>.
    /// </param>
    /// <returns>The last release that is not newer; <see cref="LanguageVersion.Any"/> when nothing, or nothing legible, is given.</returns>
    public static LanguageVersion OfNorthd(string? internalVersion)
    {
        if (internalVersion?.Split('-')[0].Split('.') is not [var year, var month, ..]
            || !int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out var y)
            || !int.TryParse(month, NumberStyles.None, CultureInfo.InvariantCulture, out var m)
            || y > 99 || m > 12)
        {
            return LanguageVersion.Any;
        }

        var number = (y * 100) + m;
        return number > (int)LanguageVersion.Ovn2603 ? LanguageVersion.Newest
            : Enum.GetValues<LanguageVersion>().LastOrDefault(version => version != LanguageVersion.Any && (int)version <= number, LanguageVersion.Ovn2203);
    }
}
