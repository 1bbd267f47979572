using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>What is wrong with a command line, and what was perhaps meant.</summary>
internal static class UsageErrors
{
    /// <returns>Sentences; none where nothing is wrong.</returns>
    public static IEnumerable<string> Of(ParseResult parsed)
    {
        System.CommandLine.Command command = parsed.CommandResult.Command;
        if (command is RootCommand && parsed.UnmatchedTokens is [var unknown, ..])
        {
            // What follows an unknown command is unknown, too, and says nothing more.
            string[] names = [.. command.Subcommands.Select(known => known.Name)];
            return [$"there is no command '{unknown}'.{Hint(unknown, names.Select(name => new System.CommandLine.Command(name))) ?? $" The commands are {string.Join(", ", names)}."}"];
        }

        // Where photos are expected, the parser takes a misspelt option for one.
        string[] misspelt = [.. command.Arguments.SelectMany(argument => parsed.GetResult(argument)?.Tokens ?? []).Concat(parsed.UnmatchedTokens.Select(token => new Token(token, TokenType.Argument, null!)))
            .Select(token => token.Value).Where(token => token.StartsWith("--", StringComparison.Ordinal) && !Path.Exists(token))];
        return misspelt.Length == 0
            ? parsed.Errors.Select(error => error.Message).Distinct()
            : misspelt.Select(token => $"there is no option '{token}'.{Hint(token, command.Options.Where(option => !option.Hidden).SelectMany(option => option.Aliases.Append(option.Name)).Select(name => new Option<bool>(name)))}");
    }

    /// <summary>The names that are near, as the parser finds them for a command line that holds nothing else; null for none.</summary>
    private static string? Hint(string wrong, IEnumerable<Symbol> known)
    {
        var root = new RootCommand();
        root.Options.Clear();
        foreach (Symbol symbol in known)
        {
            if (symbol is Option option)
            {
                root.Add(option);
            }
            else
            {
                root.Add((System.CommandLine.Command)symbol);
            }
        }

        ParseResult parsed = root.Parse([wrong]);
        if (parsed.Action is not ParseErrorAction action)
        {
            return null;
        }

        (action.ShowTypoCorrections, action.ShowHelp) = (true, false);
        using var found = new StringWriter();
        parsed.Invoke(new InvocationConfiguration { Output = found, Error = TextWriter.Null });
        string[] near = [.. found.ToString().Split('\n', StringSplitOptions.TrimEntries).Where(line => root.Children.Any(symbol => symbol.Name == line)).Distinct()];
        return near.Length == 0 ? null : $" Did you mean {string.Join(" or ", near.Select(name => $"'{name}'"))}?";
    }
}
