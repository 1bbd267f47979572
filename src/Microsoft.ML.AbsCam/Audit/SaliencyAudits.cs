using System.Globalization;
using System.Security.Cryptography;
using Microsoft.ML.AbsCam.Audit;
using Microsoft.ML.AbsCam.Audit.Confusions;
using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Pipeline.Evaluation;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.AbsCam;

/// <summary>Audits of explained data sets: <c>mlContext.Saliency.Audit</c>.</summary>
public static class SaliencyAudits
{
    /// <summary>
    /// Looks for what is wrong with a network in an explained data set: classes that are recognised by something of one look at one place, by their surroundings or by a
    /// cast of colour (shortcuts, each shown by experiment), heat at fixed places, groups within classes. Every row is read once, pictures of some again; beside those, memory is rows times map and features.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="explained">The transformer's output, or data with the same columns; one class a row is explained.</param>
    /// <param name="maker">The transformer: columns, preprocessing and network are taken from it.</param>
    /// <param name="options">Everything else; null takes the defaults.</param>
    /// <returns>Findings, and what was tested. The same data and options give the same report.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or an option is out of its range.</exception>
    /// <exception cref="ArgumentException">The transformer explains no classes or several a row, or no row can be used.</exception>
    /// <example>
    /// <format type="text/markdown"><![CDATA[
    /// [!code-csharp[Audit](~/docs/samples/Audit.cs)]
    /// ]]></format>
    /// </example>
    public static AuditReport Audit(this SaliencyCatalog catalog, IDataView explained, AbsCamTransformer maker, AuditOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(explained);
        ArgumentNullException.ThrowIfNull(maker);
        maker.CheckAlive();
        options ??= new AuditOptions();
        options.Validate();
        if (maker.Network.Task != NetworkTask.Classify || maker.Options.Target is not (PredictedTarget or ClassTarget or NamedClassTarget or ColumnTarget))
        {
            throw new ArgumentException($"An audit looks at maps of classes, one a row, and this transformer explains {maker.Options.Target} of a network that is taken to {maker.Network.WhyTask}. Explain the predicted class, or one a row, of a classifier.", nameof(maker));
        }

        if (maker.Network.BakedMethod is string baked)
        {
            throw new ArgumentException($"An audit asks a network for what happens within it and for maps of other classes, and in '{maker.Network.Name}' the maps of '{baked}' are baked and nothing else. Audit the model that the file was baked from.", nameof(maker));
        }

        IHost host = catalog.Register(nameof(SaliencyAudits));
        var plan = new EvaluationPlan(host, maker.Network, maker, new SaliencyEvaluationOptions
        {
            ImageColumn = options.ImageColumn,
            MapColumn = options.MapColumn,
            BoxesColumn = options.BoxesColumn,
            MaskColumn = options.MaskColumn,
            PassSize = options.PassSize,
            Seed = options.Seed,
        });
        if (!plan.Question.HasProbabilities)
        {
            throw new ArgumentException($"An audit compares probabilities, and with {nameof(ScoreRule)}.{nameof(ScoreRule.None)} the network '{maker.Network.Name}' has none. Say how its scores become probabilities.", nameof(maker));
        }

        var source = new EvidenceSource(explained, plan, maker, options);
        var contrasts = new ContrastPictures(host, source, maker.Network, maker.Options with { Preprocessing = null });
        using AnswerJournal? journal = options.JournalPath is { } path ? new AnswerJournal(path, Asked(maker.Network, $"{plan.Explain.ScoreRule}\n{source.FeatureLayer}")) : null;
        try
        {
            return Run(journal);
        }
        catch (OtherAnswerException)
        {
            Say(host, $"the network answers otherwise than '{options.JournalPath}' says that it did, which is of another network or machine: the audit begins anew");
            using AnswerJournal fresh = journal!.Anew();
            return Run(fresh);
        }

        AuditReport Run(AnswerJournal? answers)
        {
            using var scorer = new ImageScorer(plan, source.Frame, source.FeatureLayer, answers);
            AuditReport report = new Auditor(source, scorer, contrasts, options).Run();
            if (answers?.WasOther == true)
            {
                Say(host, $"what '{options.JournalPath}' held was asked of another network or other pictures, and is not taken");
            }
            else if (answers?.Heard > 0)
            {
                Say(host, string.Create(CultureInfo.InvariantCulture, $"{answers.Heard} passes through the network were made by an audit that ended early, and their answers taken from '{options.JournalPath}'"));
            }

            return report;
        }
    }

    /// <summary>A hash of the network, where it can be saved, and of how it is asked; of one that cannot, its answers alone tell whether it is the same.</summary>
    private static byte[] Asked(ImageNetwork network, string how)
    {
        using var hash = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        {
            using var writer = new BinaryWriter(stream);
            writer.Write(how);
            try
            {
                NetworkFormat.Save(network, writer);
            }
            catch (Exception e) when (e is InvalidOperationException or NotSupportedException)
            {
                writer.Write(network.Name);
            }
        }

        return hash.Hash!;
    }

    private static void Say(IHost host, string text)
    {
        using IChannel channel = host.Start(nameof(Audit));
        channel.Info(text);
    }
}
