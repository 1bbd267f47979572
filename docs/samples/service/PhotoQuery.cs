namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>What stands behind the question mark of an address.</summary>
/// <param name="Map">Whether the map is wanted.</param>
internal sealed record PhotoQuery(bool Map)
{
    private static readonly string[] Known = ["map"];

    /// <exception cref="BadHttpRequestException">A name or a value cannot be; the message says what can.</exception>
    public static PhotoQuery Read(IQueryCollection query)
    {
        foreach (string name in query.Keys.Where(name => !Known.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            throw Refused($"There is no '{name}' to ask for; expected {string.Join(", ", Known)}.");
        }

        return new PhotoQuery(Flag(query, "map", standard: true));
    }

    private static bool Flag(IQueryCollection query, string name, bool standard) => query[name] is not [var text, ..] ? standard
        : bool.TryParse(text, out bool value) ? value
        : throw Refused($"'{name}' is '{text}'; expected true or false.");

    private static BadHttpRequestException Refused(string message) => new(message, StatusCodes.Status400BadRequest);
}
