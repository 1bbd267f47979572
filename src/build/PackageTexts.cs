using System;
using System.IO;
using System.Text.RegularExpressions;
using Microsoft.Build.Framework;

/// <summary>Writes the readme that a package carries, and takes the version's release notes from the changelog.</summary>
public sealed class PackageTexts : Microsoft.Build.Utilities.Task
{
    // A picture or a link to a file of the repository: neither an address nor a heading of the same page.
    private static readonly Regex Relative = new Regex(@"(?<picture>!?)\[(?<text>[^\]]*)\]\((?<to>(?![a-z]+:|#)[^)\s]+)\)");

    /// <summary>The readme in the repository.</summary>
    [Required]
    public string Readme { get; set; }

    /// <summary>The changelog in the repository.</summary>
    [Required]
    public string Changelog { get; set; }

    /// <summary>The root of the repository.</summary>
    [Required]
    public string Root { get; set; }

    /// <summary>The version of the package.</summary>
    [Required]
    public string Version { get; set; }

    /// <summary>The address of the repository; empty where it has none.</summary>
    public string ProjectUrl { get; set; }

    /// <summary>Where the readme of the package is written.</summary>
    [Required]
    public string Destination { get; set; }

    /// <summary>What the changelog says of the version.</summary>
    [Output]
    public string ReleaseNotes { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        // Where the readme lies in the repository, so that its links can be told from there.
        string folder = Path.GetDirectoryName(Path.GetFullPath(Readme)).Substring(Path.GetFullPath(Root).TrimEnd('/', '\\').Length).Trim('/', '\\').Replace('\\', '/');
        Directory.CreateDirectory(Path.GetDirectoryName(Destination));
        File.WriteAllText(Destination, ReadmeOf(File.ReadAllText(Readme), ProjectUrl, folder));
        ReleaseNotes = NotesOf(File.ReadAllText(Changelog), Version);
        if (ReleaseNotes == null)
        {
            Log.LogError("{0} has no section '## [{1}]' to take release notes from.", Changelog, Version);
        }

        return ReleaseNotes != null;
    }

    /// <summary>Links into the repository become addresses below the project's. Where it has none, a link leaves its text, and a picture nothing.</summary>
    public static string ReadmeOf(string text, string projectUrl, string folder)
    {
        if (string.IsNullOrEmpty(projectUrl))
        {
            return Relative.Replace(text, link => link.Groups["picture"].Length > 0 ? "" : link.Groups["text"].Value);
        }

        var root = new Uri(projectUrl.TrimEnd('/') + "/");
        return Relative.Replace(text, link =>
        {
            bool isPicture = link.Groups["picture"].Length > 0;
            var place = new Uri(new Uri(root, (isPicture ? "raw" : "blob") + "/HEAD/" + (folder.Length == 0 ? "" : folder + "/")), link.Groups["to"].Value);
            return (isPicture ? "!" : "") + "[" + link.Groups["text"].Value + "](" + place.AbsoluteUri + ")";
        });
    }

    /// <summary>The changelog's section of the version, which a prerelease shares with its release; null where there is none.</summary>
    public static string NotesOf(string changelog, string version)
    {
        Match section = Regex.Match(changelog, @"^## \[" + Regex.Escape(version.Split('-', '+')[0]) + @"\].*?\n(?<notes>.*?)(?=^## \[|\z)", RegexOptions.Multiline | RegexOptions.Singleline);
        return section.Success ? section.Groups["notes"].Value.Trim() : null;
    }
}
