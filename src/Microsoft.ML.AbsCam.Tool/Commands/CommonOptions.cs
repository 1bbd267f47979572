using System.CommandLine;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>Options that several sub-commands have.</summary>
internal static class CommonOptions
{
    public static Option<bool> Quiet() => new("--quiet", "-q") { Description = "Print nothing but errors." };

    public static Option<string> Output(string folder) => new("--output", "-o")
    {
        Description = $"The folder for the results. Default: {folder}",
        DefaultValueFactory = _ => folder,
        HelpName = "DIR",
    };

    /// <summary>An option whose values are words; others are wrong usage.</summary>
    public static Option<T> Choice<T>(string name, string description, T byDefault, params (string Word, T Value)[] choices)
    {
        var option = new Option<T>(name)
        {
            Description = description,
            HelpName = string.Join('|', choices.Select(choice => choice.Word)),
            DefaultValueFactory = _ => byDefault,
            CustomParser = result =>
            {
                string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
                foreach ((string word, T value) in choices)
                {
                    if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
                    {
                        return value;
                    }
                }

                result.AddError($"{name} {text}: one of {string.Join(", ", choices.Select(choice => choice.Word))} is expected.");
                return byDefault;
            },
        };
        return option;
    }
}
