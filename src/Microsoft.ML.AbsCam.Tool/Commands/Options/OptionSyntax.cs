using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Microsoft.ML.AbsCam.Tool.Commands.Options;

/// <summary>How values of options are written; anything else is wrong usage, and the message names the option.</summary>
internal static class OptionSyntax
{
    /// <summary>Any text.</summary>
    /// <param name="name">The option's name, and other names that it goes by.</param>
    /// <param name="value">What stands for the value in the help.</param>
    /// <param name="description">What it does.</param>
    /// <param name="usual">What is taken where the option is not given.</param>
    public static Option<string> Text(string[] name, string value, string description, string? usual = null)
    {
        var option = new Option<string>(name[0], name[1..]) { Description = description, HelpName = value, Arity = ArgumentArity.ExactlyOne };
        if (usual is not null)
        {
            option.DefaultValueFactory = _ => usual;
        }

        return option;
    }

    public static Option<string> Text(string name, string value, string description, string? usual = null) => Text([name], value, description, usual);

    /// <summary>There or not.</summary>
    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    /// <summary>A number in a range.</summary>
    public static Option<T> Number<T>(string name, string description, T least, T most, string? expected = null)
        where T : INumber<T>
        => Parsed(name, "N", description, text => T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out T? value) && value >= least && value <= most
            ? value
            : throw new FormatException($"{expected ?? string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}")} is expected."));

    /// <summary>One of several words.</summary>
    public static Option<T> Choice<T>(string name, string description, params (string Word, T Value)[] choices)
        => Parsed(name, string.Join('|', choices.Select(choice => choice.Word)), description, text =>
        {
            int place = Array.FindIndex(choices, choice => choice.Word.Equals(text, StringComparison.OrdinalIgnoreCase));
            return place >= 0 ? choices[place].Value : throw new FormatException($"one of {string.Join(", ", choices.Select(choice => choice.Word))} is expected.");
        });

    /// <summary>Whatever a function makes of a text.</summary>
    /// <param name="name">The option's name.</param>
    /// <param name="value">What stands for the value in the help.</param>
    /// <param name="description">What it does.</param>
    /// <param name="parse">Makes the value, or throws a <see cref="FormatException"/> that says what is expected.</param>
    public static Option<T> Parsed<T>(string name, string value, string description, Func<string, T> parse) => new(name)
    {
        Description = description,
        HelpName = value,
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result => Parse(name, result, parse),
    };

    private static T? Parse<T>(string name, ArgumentResult result, Func<string, T> parse)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        try
        {
            return parse(text);
        }
        catch (FormatException e)
        {
            result.AddError($"{name} {text}: {e.Message}");
            return default;
        }
    }
}
