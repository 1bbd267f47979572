using System.Globalization;

namespace Microsoft.ML.AbsCam.Saliency.Naming;

/// <summary>From a method's numbers to its name, which the parser reads back.</summary>
internal static class MethodName
{
    /// <summary>The name with those of its numbers that are not the default's.</summary>
    /// <param name="name">The name; where it ends in a parenthesis, the numbers go inside.</param>
    /// <param name="numbers">What can be given, with its value and its default.</param>
    public static string Write(string name, params ReadOnlySpan<(string Key, IConvertible Value, IConvertible Default)> numbers)
    {
        List<string> given = [];
        foreach ((string key, IConvertible value, IConvertible standard) in numbers)
        {
            if (!value.Equals(standard))
            {
                // bool writes True.
                given.Add($"{key}={(value is bool flag ? (flag ? "true" : "false") : value.ToString(CultureInfo.InvariantCulture))}");
            }
        }

        return given.Count == 0 ? name : name.EndsWith(')') ? $"{name[..^1]},{string.Join(',', given)})" : $"{name}({string.Join(',', given)})";
    }
}
