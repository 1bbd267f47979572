using System.CommandLine;

namespace Microsoft.ML.AbsCam.Tool.Commands.Options;

/// <summary>A row of a table of options.</summary>
/// <param name="Option">Its name, its help and its parsing.</param>
/// <param name="Set">What its value changes of the request.</param>
internal sealed record CommandOption<TRequest, T>(Option<T> Option, Action<TRequest, T> Set) : ICommandOption<TRequest>
{
    /// <summary>The line that a page's header shows: its name, and its text, null where there is nothing to say.</summary>
    public (string Name, Func<TRequest, string?> Text)? OnPages { get; init; }

    /// <summary>What tells runs apart in a journal: a name, and a value, null where it is as if the option were not there.</summary>
    public (string Name, Func<TRequest, string?> Value)? InJournals { get; init; }

    public Option Syntax => Option;

    public void Read(ParseResult parsed, TRequest request)
    {
        if (Option.HasDefaultValue || parsed.GetResult(Option) is not null)
        {
            Set(request, parsed.GetValue(Option)!);
        }
    }

    public (string Name, string Value)? Fact(TRequest request) => OnPages is var (name, text) && text(request) is { } value ? (name, value) : null;

    public (string Name, string Value)? Identity(TRequest request) => InJournals is var (name, find) && find(request) is { } value ? (name, value) : null;
}
