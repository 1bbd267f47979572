using System.Diagnostics;
using Microsoft.ML.AbsCam.Tests.Audit;

namespace Microsoft.ML.AbsCam.Tests.Tool.Audits;

/// <summary>Audits of what 'abscam explain' wrote.</summary>
[TestClass]
public sealed class FinishedRunAuditTests : RedOrGreenCommandTest
{
    [TestMethod]
    [DataRow("npy")]
    [DataRow("parquet,report")]
    [DataRow("merged")]
    public async Task A_finished_run_gives_the_findings_that_its_photos_give_without_explaining_them_again(string kind)
    {
        Draw(80, share: 0.5);
        CommandResult photos = await RunAsync(["audit", At("photos"), .. Options(), "--truth", "folder", "--output", At("of-photos")]);
        Assert.AreEqual(0, photos.ExitCode, photos.Errors);
        string[][] shards = kind == "merged" ? [["--shard", "0/2"], ["--shard", "1/2"]] : [[]];
        foreach (string[] shard in shards)
        {
            CommandResult explained = await ExplainPhotosAsync(["--save", kind == "merged" ? "npy,report" : kind, "--truth", "folder", .. shard]);
            Assert.AreEqual(0, explained.ExitCode, explained.Errors);
        }

        if (kind == "merged")
        {
            Refused(await AuditRunAsync(), "abscam merge");
            Assert.AreEqual(0, (await RunAsync("merge", Output)).ExitCode);
        }

        // Where the page is kept, it tells where photos are and what they show.
        CommandResult audited = await AuditRunAsync(kind == "npy" ? ["--truth", "folder", "--photos", At("photos")] : []);
        Assert.AreEqual(0, audited.ExitCode, audited.Errors);
        Assert.AreEqual(File.ReadAllText(At("of-photos", "findings.txt")), File.ReadAllText(At("out", "findings.txt")));
        StringAssert.Contains(audited.Output, "4 of 80 photos explained anew: the maps and probabilities are those of the run");
        Assert.IsFalse(audited.Output.Contains("explained 80 of 80", StringComparison.Ordinal), audited.Output);
    }

    [TestMethod]
    public async Task Photos_that_moved_are_asked_for_and_found_where_they_are_now()
    {
        Draw(24, share: 0);
        await ExplainPhotosAsync();
        Directory.Move(At("photos"), At("moved"));
        Refused(await AuditRunAsync(), "24 of the 24 photos of the run");
        Refused(await AuditRunAsync("--photos", At("moved", "red")), "--photos: 24 of the 24");
        CommandResult audited = await AuditRunAsync("--photos", At("moved"));
        Assert.AreEqual(0, audited.ExitCode, audited.Errors);
    }

    [TestMethod]
    public async Task Another_model_other_options_and_missing_maps_are_refused_by_name()
    {
        Draw(8, share: 0);
        await ExplainPhotosAsync("--save", "report");
        Refused(await AuditRunAsync(), "kept no maps");
        await ExplainPhotosAsync("--overwrite");
        Refused(await RunAsync("audit", Output, "--model", Write("other.onnx", [.. RedOrGreen.ToOnnx(), 0x72, 0]), "--labels", At("labels.txt")), "other model");
        Refused(await AuditRunAsync("--method", "grad-cam"), "other method");
        Refused(await RunAsync("audit", Output, "--model", At("model.onnx")), "--labels");
        Refused(await AuditRunAsync("--std", "0.5,0.5,0.5"), "other preprocessing");
        Assert.IsFalse(File.Exists(At("out", "findings.json")));
    }

    [TestMethod]
    public async Task A_photo_that_became_another_is_told_and_not_audited()
    {
        Draw(24, share: 0);
        await ExplainPhotosAsync();
        File.Copy(At("photos", "green", "1.png"), At("photos", "red", "2.png"), overwrite: true);
        CommandResult audited = await AuditRunAsync();
        Assert.AreEqual(1, audited.ExitCode, audited.Errors);
        StringAssert.Contains(audited.Errors, "red/2.png: this photo is not the one that the run explained");
        StringAssert.Contains(audited.Output, "23 rows audited");
    }

    [TestMethod]
    public async Task Photos_that_changed_and_do_not_look_like_it_are_found_by_explaining_some_anew()
    {
        Draw(4, share: 0);
        byte[] green = File.ReadAllBytes(At("photos", "green", "1.png"));
        string photo = At("photos", "red", "0.png");

        // What stands behind a picture's end is not read.
        File.WriteAllBytes(photo, [.. File.ReadAllBytes(photo), .. new byte[100]]);
        await ExplainPhotosAsync();
        (long length, DateTime time) = (new FileInfo(photo).Length, File.GetLastWriteTimeUtc(photo));
        File.WriteAllBytes(photo, [.. green, .. new byte[length - green.Length]]);
        File.SetLastWriteTimeUtc(photo, time);
        Refused(await AuditRunAsync(), "are not what this model makes of these photos: 'red/0.png'");
    }

    [TestMethod]
    public async Task Maps_of_another_making_are_no_maps_of_the_run()
    {
        // The journal of one run beside the maps of another.
        Draw(16, share: 0);
        await ExplainPhotosAsync("--method", "random");
        byte[] other = File.ReadAllBytes(At("out", "maps", "red", "0.npy"));
        await ExplainPhotosAsync("--overwrite");
        File.WriteAllBytes(At("out", "maps", "red", "0.npy"), other);
        CommandResult audited = await AuditRunAsync();
        Assert.AreEqual(2, audited.ExitCode, audited.Errors);
        StringAssert.Contains(audited.Errors, "is not as the run wrote it");
    }

    [TestMethod]
    public async Task An_audit_that_is_killed_while_it_tries_things_goes_on_and_finds_the_same()
    {
        Draw(80, share: 0.5);
        string[] audit = ["audit", At("photos"), .. Options(), "--truth", "folder", "--output", Output];
        Assert.AreEqual(0, (await RunAsync(audit)).ExitCode);
        byte[] findings = File.ReadAllBytes(At("out", "findings.json"));
        Assert.IsFalse(File.Exists(At("out", "audit.journal")), "what is found needs no journal any more");
        File.Delete(At("out", "findings.json"));
        using (Process process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "abscam.dll"), .. audit]) { RedirectStandardError = true, RedirectStandardOutput = true })!)
        {
            _ = process.StandardOutput.ReadToEndAsync();
            _ = process.StandardError.ReadToEndAsync();
            var journal = new FileInfo(At("out", "audit.journal"));
            for (; !process.HasExited && !(journal.Exists && journal.Length > 5000); journal.Refresh())
            {
                await Task.Delay(1);
            }

            process.Kill();
            await process.WaitForExitAsync();
        }

        Assert.IsFalse(File.Exists(At("out", "findings.json")));
        Assert.IsTrue(File.Exists(At("out", "audit.journal")));
        CommandResult resumed = await RunAsync(audit);
        Assert.AreEqual(0, resumed.ExitCode, resumed.Errors);
        StringAssert.Matches(resumed.Output, new System.Text.RegularExpressions.Regex("[1-9][0-9]* passes through the network were made by an audit that ended early"));
        CollectionAssert.AreEqual(findings, File.ReadAllBytes(At("out", "findings.json")));
    }

    [TestMethod]
    public async Task A_page_that_is_written_anew_over_an_audit_s_says_what_it_loses()
    {
        const string Lost = "the page is written anew, without what an earlier audit found";
        Draw(24, share: 0);
        CommandResult whole = await ExplainPhotosAsync("--save", "npy,report");
        Assert.IsFalse(whole.Output.Contains(Lost, StringComparison.Ordinal), "nothing was found yet");
        Assert.AreEqual(0, (await AuditRunAsync()).ExitCode);
        StringAssert.Contains((await ExplainPhotosAsync("--save", "npy,report", "--overwrite")).Output, Lost);
        Assert.AreEqual(0, (await AuditRunAsync("--overwrite")).ExitCode);
        foreach (string shard in (string[])["0/2", "1/2"])
        {
            CommandResult part = await ExplainPhotosAsync("--save", "npy,report", "--shard", shard);
            Assert.IsFalse(part.Output.Contains(Lost, StringComparison.Ordinal), "parts have folders of their own");
        }

        StringAssert.Contains((await RunAsync("merge", Output)).Output, Lost);
        Assert.IsTrue(File.Exists(At("out", "findings.json")));
    }

    [TestMethod]
    public async Task An_audit_that_was_killed_goes_on_with_what_is_explained()
    {
        Draw(24, share: 0);
        CommandResult whole = await RunAsync(["audit", At("photos"), .. Options(), "--output", Output, "--batch", "4"]);
        Assert.AreEqual(0, whole.ExitCode, whole.Errors);
        string findings = File.ReadAllText(At("out", "findings.txt"));
        File.Delete(At("out", "findings.json"));
        string[] lines = File.ReadAllLines(At("out", "explain.journal"));
        File.WriteAllText(At("out", "explain.journal"), string.Concat(lines.Take(9).Select(line => line + "\n")));

        Refused(await RunAsync(["audit", At("photos"), .. Options(), "--output", Output, "--batch", "4"]), "Add --resume");
        Refused(await AuditRunAsync(), "is not over: 8 of 24");
        CommandResult resumed = await RunAsync(["audit", At("photos"), .. Options(), "--output", Output, "--batch", "4", "--resume"]);
        Assert.AreEqual(0, resumed.ExitCode, resumed.Errors);
        StringAssert.Contains(resumed.Output, "8 of 24 images were done before");
        Assert.AreEqual(findings, File.ReadAllText(At("out", "findings.txt")));
    }
}
