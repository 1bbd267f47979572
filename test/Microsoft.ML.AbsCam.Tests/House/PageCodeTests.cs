using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.House;

/// <summary>The C# that pages show is that of the samples, and compiles as it is pasted.</summary>
[TestClass]
public sealed partial class PageCodeTests
{
    // What dotnet new console has by ImplicitUsings.
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetFileNameWithoutExtension(file) != typeof(PageCodeTests).Assembly.GetName().Name)
            .Select(file => MetadataReference.CreateFromFile(file))];

    [TestMethod]
    public void Every_block_is_that_of_a_sample_that_compiles()
    {
        foreach (string page in Repository.Pages())
        {
            string text = File.ReadAllText(page);
            MatchCollection blocks = Block().Matches(text);
            Assert.AreEqual(text.Split("```csharp").Length - 1, blocks.Count, $"{page}: each C# block names its sample in a comment above it");
            foreach (Match block in blocks)
            {
                string sample = File.ReadAllText(Path.Combine(Repository.Root, block.Groups["file"].Value));
                string region = block.Groups["region"].Value;
                MatchCollection parts = Regex.Matches(sample, $@"// <{region}>\n(?<code>.*?)\s*// </{region}>", RegexOptions.Singleline);
                Assert.IsNotEmpty(parts, $"{block.Groups["file"].Value} has no region {region}");
                Assert.AreEqual(string.Join("\n\n", parts.Select(part => Unindent(part.Groups["code"].Value))), block.Groups["code"].Value.TrimEnd(), $"{page} and {block.Groups["file"].Value} differ");
            }
        }
    }

    [TestMethod]
    public void Every_block_compiles_as_pasted_or_is_named_as_a_part_of_a_file()
    {
        int programs = 0;
        foreach (string page in Repository.Pages())
        {
            foreach (Match block in Block().Matches(File.ReadAllText(page)))
            {
                string name = Path.GetFileName(block.Groups["file"].Value);
                if (block.Groups["lead"].Value.Contains($"[{name}](", StringComparison.Ordinal))
                {
                    continue;
                }

                programs++;
                string[] errors = Errors(block.Groups["code"].Value);
                Assert.IsEmpty(errors, $"{Path.GetRelativePath(Repository.Root, page)}, {name}:\n{string.Join('\n', errors)}");
            }
        }

        Assert.IsGreaterThan(9, programs);
    }

    [TestMethod]
    public void A_block_without_its_row_class_or_a_using_is_found()
    {
        StringAssert.Contains(Errors("using Microsoft.ML;\nvar data = new MLContext().Data.LoadFromEnumerable(new List<Photo>());").Single(), "Photo");
        StringAssert.Contains(Errors("var context = new MLContext();").Single(), "MLContext");
        Assert.IsEmpty(Errors("using Microsoft.ML;\nvar context = new MLContext();"));
    }

    private static string[] Errors(string program)
    {
        var language = new CSharpParseOptions(LanguageVersion.Latest);
        var compilation = CSharpCompilation.Create(
            "Pasted",
            [CSharpSyntaxTree.ParseText(program, language), CSharpSyntaxTree.ParseText(ImplicitUsings, language)],
            References,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        return [.. compilation.GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error).Select(found => found.ToString())];
    }

    private static string Unindent(string code)
    {
        string[] lines = code.TrimEnd().Split('\n');
        int indent = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Trim().Length == 0 ? "" : line[indent..]));
    }

    [GeneratedRegex(@"(?<lead>[^\n]*)\n<!-- (?<file>\S+): (?<region>\w+) -->\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
