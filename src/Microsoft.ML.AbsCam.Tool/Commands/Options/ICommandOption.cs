using System.CommandLine;

namespace Microsoft.ML.AbsCam.Tool.Commands.Options;

/// <summary>An option of the command line, told once: its name, its help, its parsing, what it changes, what pages say of it, and whether results depend on it.</summary>
/// <typeparam name="TRequest">What it changes.</typeparam>
internal interface ICommandOption<in TRequest>
{
    /// <summary>Its name, its help and its parsing.</summary>
    Option Syntax { get; }

    /// <summary>Changes the request, where the option is given or has a default.</summary>
    /// <exception cref="UsageException">The value does not fit.</exception>
    void Read(ParseResult parsed, TRequest request);

    /// <summary>The line of a page's header, once the request is settled; null where there is nothing to say.</summary>
    (string Name, string Value)? Fact(TRequest request);

    /// <summary>What a journal holds of it, once the request is settled: a run with another value is another run. Null where results do not depend on it.</summary>
    (string Name, string Value)? Identity(TRequest request);
}
