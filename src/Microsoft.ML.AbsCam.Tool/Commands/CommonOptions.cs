using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>Options that several sub-commands have.</summary>
internal static class CommonOptions
{
    public static Option<bool> Quiet() => new("--quiet", "-q") { Description = "Print nothing but errors." };

    public static Option<bool> Resume() => new("--resume") { Description = "Go on where an earlier run into the same folder ended, however it ended; what is done is verified and kept. Without such a run, begin one." };

    public static Option<bool> Overwrite() => new("--overwrite") { Description = "Take away what an earlier run left in the folder, and begin anew." };

    /// <exception cref="UsageException">Both are asked for.</exception>
    public static void CheckResume(bool resume, bool overwrite)
    {
        if (resume && overwrite)
        {
            throw new UsageException("--resume goes on with a run, and --overwrite takes it away. Give one of them.");
        }
    }

    public static Option<string> Output(string folder) => new("--output", "-o")
    {
        Description = "The folder for the results.",
        DefaultValueFactory = _ => folder,
        HelpName = "DIR",
    };

    public static Option<string?> ScoresOutput() => new("--scores-output")
    {
        Description = "The output that holds the class scores, or a value inside the model, where the model has several outputs that could. [default: found out; else all are named]",
        HelpName = "NAME",
    };

    public static Option<ScoreRule?> Scores() => Choice(
        "--scores",
        "How scores become probabilities: by softmax (one class an image), by sigmoid (several labels), not at all since they are probabilities, or never since they are none. [default: as the network ends]",
        ("softmax", ScoreRule.Softmax),
        ("sigmoid", ScoreRule.Sigmoid),
        ("probabilities", ScoreRule.Probabilities),
        ("none", ScoreRule.None));

    /// <summary>An option whose value is a number in a range; anything else is wrong usage.</summary>
    public static Option<T?> Number<T>(string name, string description, T least, T most, string? expected = null)
        where T : struct, INumber<T>
    {
        return new Option<T?>(name)
        {
            Description = description,
            HelpName = "N",
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result =>
            {
                string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
                if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out T value) && value >= least && value <= most)
                {
                    return value;
                }

                result.AddError($"{name} {text}: {expected ?? string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}")} is expected.");
                return null;
            },
        };
    }

    /// <summary>A saliency method by its name; anything else is wrong usage.</summary>
    public static Option<SaliencyMethod?> Method() => new("--method")
    {
        Description = $"The method: {string.Join(", ", SaliencyMethod.All.Select(method => method.Name))}; rise(masks=N,cells=N,keep=P,seed=N); smooth(METHOD,samples=N,noise=SHARE,flips=true|false,seed=N) for the mean over noisy and mirrored copies. [default: abs-cam]",
        HelpName = "METHOD",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result =>
        {
            try
            {
                return SaliencyMethod.Parse(result.Tokens.Count == 1 ? result.Tokens[0].Value : "");
            }
            catch (ArgumentException e)
            {
                result.AddError($"--method: {e.Message}");
                return null;
            }
        },
    };

    /// <summary>An option whose values are words; others are wrong usage.</summary>
    public static Option<T?> Choice<T>(string name, string description, params (string Word, T Value)[] choices)
        where T : struct
    {
        return new Option<T?>(name)
        {
            Description = description,
            HelpName = string.Join('|', choices.Select(choice => choice.Word)),
            Arity = ArgumentArity.ExactlyOne,
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
                return null;
            },
        };
    }
}
