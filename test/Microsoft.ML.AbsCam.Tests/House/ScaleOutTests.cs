using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.AbsCam.Tool;
using Microsoft.ML.AbsCam.Tool.Commands;
using Microsoft.ML.AbsCam.Tool.Shards;
using YamlDotNet.RepresentationModel;

namespace Microsoft.ML.AbsCam.Tests.House;

/// <summary>The files that users copy to run on many machines fit the command as it is.</summary>
[TestClass]
public sealed partial class ScaleOutTests
{
    private static readonly string[] Folder = ["docs", "operate", "scale-out"];

    [TestMethod]
    public void The_manifests_command_line_is_one_that_explain_understands()
    {
        string[] arguments = [.. ((YamlSequenceNode)Container()["args"]).Select(node => node.ToString())];
        Assert.AreEqual("explain", arguments[0]);
        ParseResult parsed = ExplainCommand.Create().Parse(arguments[1..]);
        Assert.IsEmpty(parsed.Errors);
        Assert.AreEqual("auto", parsed.GetValue<string?>("--shard"));
        Assert.IsTrue(parsed.GetValue<bool>("--resume"));
        string[] mounts = [.. ((YamlSequenceNode)Container()["volumeMounts"]).Select(mount => mount["mountPath"].ToString())];
        foreach (string path in arguments.Where(argument => argument.StartsWith('/')))
        {
            Assert.IsTrue(mounts.Any(mount => path == mount || path.StartsWith(mount + "/", StringComparison.Ordinal)), $"{path} is on no volume");
        }
    }

    [TestMethod]
    public void The_manifest_is_an_indexed_job_whose_pods_know_their_count()
    {
        YamlNode spec = Manifest()["spec"];
        Assert.AreEqual("batch/v1", Manifest()["apiVersion"].ToString());
        Assert.AreEqual("Job", Manifest()["kind"].ToString());
        Assert.AreEqual("Indexed", spec["completionMode"].ToString());
        var environment = ((YamlSequenceNode)Container()["env"]).OfType<YamlMappingNode>().Where(pair => pair.Children.ContainsKey("value")).ToDictionary(pair => pair["name"].ToString(), pair => pair["value"].ToString());
        Assert.AreEqual(spec["completions"].ToString(), environment[Shard.CountVariable]);
        environment["JOB_COMPLETION_INDEX"] = "63";
        Assert.AreEqual(new Shard(63, 64), ShardOption.Parse("auto", environment.GetValueOrDefault));

        string[] claimed = [.. ((YamlSequenceNode)spec["template"]["spec"]["volumes"]).Select(volume => volume["name"].ToString())];
        string[] mounted = [.. ((YamlSequenceNode)Container()["volumeMounts"]).Select(mount => mount["name"].ToString())];
        CollectionAssert.AreEquivalent(claimed, mounted);
    }

    [TestMethod]
    public void The_manifest_does_not_repeat_what_would_fail_again()
    {
        var rules = ((YamlSequenceNode)Manifest()["spec"]["podFailurePolicy"]["rules"]).OfType<YamlMappingNode>()
            .Where(rule => rule.Children.ContainsKey("onExitCodes"))
            .ToDictionary(rule => ((YamlSequenceNode)rule["onExitCodes"]["values"]).Single().ToString(), rule => rule);
        Assert.AreEqual("FailJob", rules[$"{ExitCodes.WrongUsage}"]["action"].ToString());
        Assert.AreEqual("FailIndex", rules[$"{ExitCodes.SomeFailed}"]["action"].ToString());
        Assert.HasCount(2, rules);
        Assert.IsTrue(rules.Values.All(rule => rule["onExitCodes"]["containerName"].ToString() == Container()["name"].ToString()));
        Assert.AreEqual("Never", Manifest()["spec"]["template"]["spec"]["restartPolicy"].ToString(), "a failure policy asks for it");
    }

    [TestMethod]
    [DataRow(ExitCodes.WrongUsage, false)]
    [DataRow(ExitCodes.SomeFailed, false)]
    [DataRow(ExitCodes.CannotWrite, true)]
    [DataRow(ExitCodes.Unforeseen, true)]
    [DataRow(137, true)]
    public void Examples_try_again_what_may_end_otherwise(int exitCode, bool isRepeated)
    {
        string code = exitCode.ToString(CultureInfo.InvariantCulture);
        string aws = JobRule().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "operate", "scale-out.md"))).First(rule => rule.Groups["code"].Value is "*" || rule.Groups["code"].Value == code).Groups["action"].Value;
        Assert.AreEqual(isRepeated ? "RETRY" : "EXIT", aws);
        Match slurm = Case().Matches(File.ReadAllText(Path.Combine([Repository.Root, .. Folder, "job.sh"]))).First(rule => rule.Groups["code"].Value is "*" || rule.Groups["code"].Value == code);
        Assert.AreEqual(isRepeated, slurm.Groups["action"].Value.Contains("scontrol requeue", StringComparison.Ordinal));
    }

    [TestMethod]
    [DataRow("scale-out.md")]
    [DataRow("scale-out/job.sh")]
    public void Options_in_scripts_and_on_the_page_exist(string page)
    {
        // In a code line that calls the command, words that begin with two dashes are its options.
        string text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operate", page)).Replace("\\\n", " ", StringComparison.Ordinal);
        var known = new[] { ExplainCommand.Create(), MergeCommand.Create() }.ToDictionary(command => command.Name, command => command.Options.Select(option => option.Name).ToHashSet());
        MatchCollection calls = Call().Matches(text);
        Assert.IsNotEmpty(calls);
        foreach (Match call in calls)
        {
            foreach (Match option in Option().Matches(call.Groups["rest"].Value))
            {
                Assert.Contains(option.Value, known[call.Groups["command"].Value], $"{page}: {call.Value}");
            }
        }
    }

    [TestMethod]
    public void The_container_builds_the_project_that_makes_the_command()
    {
        string text = File.ReadAllText(Path.Combine([Repository.Root, .. Folder, "Dockerfile"]));
        string project = PublishedProject().Match(text).Groups["project"].Value;
        Assert.HasCount(1, Directory.GetFiles(Path.Combine(Repository.Root, project), "*.csproj"));
        StringAssert.Contains(text, $"/app/{typeof(ExitCodes).Assembly.GetName().Name}.dll");
    }

    private static YamlNode Manifest()
    {
        var yaml = new YamlStream();
        using StreamReader file = File.OpenText(Path.Combine([Repository.Root, .. Folder, "job.yaml"]));
        yaml.Load(file);
        return yaml.Documents.Single().RootNode;
    }

    private static YamlNode Container() => ((YamlSequenceNode)Manifest()["spec"]["template"]["spec"]["containers"]).Single();

    [GeneratedRegex(@"\babscam(\.dll)? (?<command>explain|merge)\b(?<rest>[^\n`]*)")]
    private static partial Regex Call();

    [GeneratedRegex("\"onExitCode\": \"(?<code>[^\"]+)\", \"action\": \"(?<action>[A-Z]+)\"")]
    private static partial Regex JobRule();

    [GeneratedRegex(@"^  (?<code>[0-9*]+)\)(?<action>.*?);;", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Case();

    [GeneratedRegex(@"(?<=\s)--[a-z][a-z-]*")]
    private static partial Regex Option();

    [GeneratedRegex(@"dotnet publish (?<project>\S+)")]
    private static partial Regex PublishedProject();
}
