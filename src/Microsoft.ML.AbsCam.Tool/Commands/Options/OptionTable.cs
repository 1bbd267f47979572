using System.CommandLine;

namespace Microsoft.ML.AbsCam.Tool.Commands.Options;

/// <summary>The options of a command, in the order of its help and of a page's header.</summary>
internal sealed class OptionTable<TRequest>(params IReadOnlyList<ICommandOption<TRequest>> options)
{
    public void AddTo(System.CommandLine.Command command)
    {
        foreach (ICommandOption<TRequest> option in options)
        {
            command.Add(option.Syntax);
        }
    }

    /// <summary>Brings what was given on the command line into the request.</summary>
    /// <returns>The same request.</returns>
    public TRequest Read(ParseResult parsed, TRequest request)
    {
        foreach (ICommandOption<TRequest> option in options)
        {
            option.Read(parsed, request);
        }

        return request;
    }

    /// <summary>The lines of a page's header, the program's version last.</summary>
    /// <param name="request">The request, settled.</param>
    public IReadOnlyList<(string Name, string Value)> Facts(TRequest request)
        => [.. options.Select(option => option.Fact(request)).OfType<(string, string)>(), ("Version", ProgramVersion.Text)];

    /// <summary>What results depend on, by name, the program's version among it.</summary>
    /// <param name="request">The request, settled.</param>
    public SortedDictionary<string, string> Identity(TRequest request)
    {
        var identity = new SortedDictionary<string, string>(ProgramVersion.Identity.ToDictionary(), StringComparer.Ordinal);
        foreach ((string name, string value) in options.Select(option => option.Identity(request)).OfType<(string, string)>())
        {
            identity.Add(name, value);
        }

        return identity;
    }
}
