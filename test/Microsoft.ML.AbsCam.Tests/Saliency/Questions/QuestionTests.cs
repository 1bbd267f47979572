using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Saliency.Questions;

/// <summary>Maps of questions other than "why this class?", against plain loops with finite differences.</summary>
[TestClass]
public class QuestionTests
{
    private const double Tolerance = 5e-5;
    private static readonly float[] Embedding = [0.3f, -1.2f, 0.8f, 2f, -0.4f];

    [TestMethod]
    [DataRow(1.0)]
    [DataRow(0.6)]
    public void A_contrast_is_the_logit_of_one_class_less_that_of_the_other(double gamma)
        => AllMethodsAgree(SaliencyTarget.Contrast(SaliencyTarget.Class(3), SaliencyTarget.Class(1), gamma), y => y[1] - (gamma * y[3]), (masked, _, _) => Sigmoid(masked[1] - (gamma * masked[3])));

    [TestMethod]
    public void The_runner_up_is_the_highest_class_besides_the_explained_one()
    {
        for (int image = 0; image < 4; image++)
        {
            double[] own = TinyLoops.Logits(TinyNetwork.Rectified, TinyLoops.Maps(TinyNetwork.Rectified, [.. TinyNetwork.Image(image).Select(value => (double)value)]));
            int[] order = [.. Enumerable.Range(0, own.Length).OrderByDescending(c => own[c])];
            AllMethodsAgree(SaliencyTarget.Contrast(SaliencyTarget.RunnerUp), y => y[order[0]] - y[order[1]], (masked, _, _) => Sigmoid(masked[order[0]] - masked[order[1]]), image);
            AllMethodsAgree(SaliencyTarget.Contrast(SaliencyTarget.RunnerUp, SaliencyTarget.Class(order[2])), y => y[order[2]] - y[order[0]], (masked, _, _) => Sigmoid(masked[order[2]] - masked[order[0]]), image);
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void An_output_weighs_by_where_its_value_lies_between_an_empty_image_and_its_own(bool isNegative)
        => AllMethodsAgree(
            SaliencyTarget.Output(2, isNegative), y => isNegative ? -y[2] : y[2], (masked, own, empty) => own[2] == empty[2] ? 0 : Math.Clamp((masked[2] - empty[2]) / (own[2] - empty[2]), 0, 1));

    [TestMethod]
    public void A_likeness_is_the_cosine_to_another_embedding() => AllMethodsAgree(SaliencyTarget.Similar(Embedding), Cosine, (masked, _, _) => (1 + Cosine(masked)) / 2);

    [TestMethod]
    public void A_question_of_ones_own_is_any_function_of_the_outputs()
        => AllMethodsAgree(
            SaliencyTarget.Own("the product of two", y => y.select(1, 0) * y.select(1, 4)),
            y => y[0] * y[4],
            (masked, own, empty) => Math.Clamp(((masked[0] * masked[4]) - (empty[0] * empty[4])) / ((own[0] * own[4]) - (empty[0] * empty[4])), 0, 1));

    [TestMethod]
    public void Engines_and_modules_agree_on_a_question_of_all_outputs()
    {
        var context = new MLContext(1);
        var options = new AbsCamOptions { Target = SaliencyTarget.Similar(Embedding), Method = SaliencyMethod.GradCam };
        float[][] maps(AbsCamOptions asked)
        {
            using ImageNetwork network = TinyNetwork.Rectified.Open();
            using AbsCamTransformer transformer = Explained.Transformer(context, asked, network);
            return transformer.Transform(TinyNetwork.View(context, 5)).Maps();
        }

        float[][] runtime = maps(options with { Engine = NetworkEngine.OnnxRuntime });
        float[][] torch = maps(options with { Engine = NetworkEngine.TorchSharp });
        for (int i = 0; i < 5; i++)
        {
            Close.AreClose(torch[i], runtime[i], Tolerance, $"image {i}");
        }
    }

    [TestMethod]
    public void Rows_bring_the_true_class_and_embeddings_in_columns()
    {
        var context = new MLContext(1);
        AskingRow[] rows = [.. Enumerable.Range(0, 3).Select(i => new AskingRow { Input = TinyNetwork.Image(i), True = (i * 2) % TinyNetwork.Classes, Reference = [.. Embedding.Select(value => value + i)] })];
        rows[2].Reference = [1, 2];
        IDataView view = AskingRow.View(context, rows);
        using ImageNetwork network = TinyNetwork.Rectified.Open();

        AbsCamOptions contrast = new() { Method = SaliencyMethod.AbsCamInitial, Target = SaliencyTarget.Contrast(SaliencyTarget.Column(nameof(AskingRow.True)), SaliencyTarget.Class(4)) };
        float[][] maps = Run(context, view, network, contrast).Maps();
        for (int i = 0; i < rows.Length; i++)
        {
            int truth = rows[i].True;
            var loops = new BruteForceQuestion(TinyNetwork.Rectified, y => y[4] - y[truth], (_, _, _) => 1);
            if (truth == 4)
            {
                Assert.IsTrue(maps[i].All(float.IsNaN), "a class against itself");
            }
            else
            {
                Close.AreClose(loops.Initial(rows[i].Input), maps[i], Tolerance, $"row {i}");
            }
        }

        AbsCamOptions similar = new() { Target = SaliencyTarget.SimilarColumn(nameof(AskingRow.Reference)), Columns = new() { Status = "Status", Probability = "Cosine" } };
        IDataView explained = Run(context, view, network, similar);
        CollectionAssert.AreEqual((string[])["Ok", "Ok", "TargetNotFound"], explained.GetColumn<string>("Status").ToArray());
        Assert.AreEqual(Cosine(rows[1].Reference, Scores(rows[1].Input)), explained.GetColumn<float>("Cosine").ElementAt(1), 1e-5);
    }

    [TestMethod]
    public void Targets_that_mean_nothing_are_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => SaliencyTarget.Contrast(SaliencyTarget.Top(2)));
        Assert.ThrowsExactly<ArgumentException>(() => SaliencyTarget.Contrast(SaliencyTarget.Class(1), SaliencyTarget.RunnerUp));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SaliencyTarget.Contrast(SaliencyTarget.Class(1), null, 0));
        Assert.ThrowsExactly<ArgumentException>(() => SaliencyTarget.Similar([0, 0]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SaliencyTarget.Box(0, 0, 0, 5));
        Assert.ThrowsExactly<ArgumentException>(() => Explained.Transformer(new MLContext(1), new AbsCamOptions { Target = SaliencyTarget.RunnerUp }));
        var context = new MLContext(1);
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => Run(context, TinyNetwork.View(context, 1), network, new AbsCamOptions { Target = SaliencyTarget.Similar([1, 2]) }).Maps());
        StringAssert.Contains(e.Message, "has 2 numbers, and the network 'network.onnx' gives 5");
        e = Assert.ThrowsExactly<ArgumentException>(() => Run(context, TinyNetwork.View(context, 1), network, new AbsCamOptions { Target = SaliencyTarget.Contrast(SaliencyTarget.Class(7)) }));
        StringAssert.Contains(e.Message, "The target class 7 does not exist");
    }

    [TestMethod]
    public void A_question_is_saved_with_its_pipeline_unless_it_is_a_function()
    {
        var context = new MLContext(1);
        SaliencyTarget[] targets =
        [
            SaliencyTarget.Contrast(SaliencyTarget.RunnerUp, SaliencyTarget.Class(2), 0.5), SaliencyTarget.Contrast(SaliencyTarget.Column("Target")), SaliencyTarget.Output(3, negative: true),
            SaliencyTarget.Similar(Embedding), SaliencyTarget.Similar([.. Embedding.Select(value => -value)]),
        ];
        using var file = new MemoryStream();
        foreach (SaliencyTarget target in targets)
        {
            using ImageNetwork network = TinyNetwork.Rectified.Open();
            using AbsCamTransformer transformer = Explained.Transformer(context, new AbsCamOptions { Target = target, Method = SaliencyMethod.GradCam }, network);
            IDataView view = TinyNetwork.View(context, 2);
            file.SetLength(0);
            context.Model.Save(transformer, view.Schema, file);
            file.Position = 0;
            ITransformer loaded = context.Model.Load(file, out _);
            using IDisposable owned = (IDisposable)loaded;
            CollectionAssert.AreEqual(transformer.Transform(view).Maps()[1], loaded.Transform(view).Maps()[1], target.ToString());
        }

        using ImageNetwork other = TinyNetwork.Rectified.Open();
        using AbsCamTransformer own = Explained.Transformer(context, new AbsCamOptions { Target = SaliencyTarget.Own("mine", y => y.select(1, 0)) }, other);
        InvalidOperationException e = Assert.ThrowsExactly<InvalidOperationException>(() => context.Model.Save(own, TinyNetwork.View(context, 1).Schema, file));
        StringAssert.Contains(e.Message, "The target 'mine' is a function of this program");
    }

    [TestMethod]
    public void Maps_of_contrasts_are_not_compared_class_by_class()
    {
        var context = new MLContext(1);
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => context.Saliency.SanityCheck(TinyNetwork.View(context, 1), network, new AbsCamOptions { Target = SaliencyTarget.Contrast(SaliencyTarget.RunnerUp) }, new SanityCheckOptions { ImageColumn = "Input" }));
        StringAssert.Contains(e.Message, "maps are compared class by class");
    }

    [TestMethod]
    public void A_measure_asks_what_the_map_was_asked()
    {
        var context = new MLContext(1);
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        using AbsCamTransformer transformer = Explained.Transformer(context, new AbsCamOptions { Target = SaliencyTarget.Contrast(SaliencyTarget.Class(3), SaliencyTarget.Class(1)), Columns = new() { Class = "Class" } }, network);
        IDataView explained = transformer.Transform(TinyNetwork.View(context, 3));
        SaliencyRowMetrics[] rows = [.. context.Saliency.EvaluateRows(explained, transformer, new SaliencyEvaluationOptions { Measures = [SaliencyMeasure.AverageDrop] })];
        float[][] maps = explained.Maps();
        for (int i = 0; i < rows.Length; i++)
        {
            double[] image = [.. TinyNetwork.Image(i).Select(value => (double)value)];
            double[] masked = [.. image.Select((value, at) => value * maps[i][at % TinyNetwork.Pixels])];
            double own = Sigmoid(ContrastOf(image));
            Assert.AreEqual(own, rows[i].Probability, 1e-5);
            Assert.AreEqual(Math.Max(0, own - Sigmoid(ContrastOf(masked))) / own, rows[i].Values[0].Value, 1e-4);
        }

        static double ContrastOf(double[] image) => TinyLoops.Logits(TinyNetwork.Rectified, TinyLoops.Maps(TinyNetwork.Rectified, image)) is var y ? y[1] - y[3] : 0;
    }

    private static void AllMethodsAgree(SaliencyTarget target, Func<double[], double> score, Func<double[], double[], double[], double> weigh, int image = 1)
    {
        var context = new MLContext(1);
        var loops = new BruteForceQuestion(TinyNetwork.Rectified, score, weigh);
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        foreach ((SaliencyMethod method, Func<float[], float[]> expected) in new (SaliencyMethod, Func<float[], float[]>)[]
        {
            (SaliencyMethod.AbsCamInitial, loops.Initial), (SaliencyMethod.GradCam, loops.GradCam), (SaliencyMethod.AbsCam, loops.AbsCam), (SaliencyMethod.AblationCam, loops.Ablation),
        })
        {
            float[] map = Run(context, TinyNetwork.View(context, image + 1), network, new AbsCamOptions { Target = target, Method = method, BatchSize = 2 }).Maps()[image];
            float[] brute = expected(TinyNetwork.Image(image));
            if (brute.Max() < 1e-6)
            {
                Assert.IsTrue(map.All(float.IsNaN), $"{method} of {target}: a flat map");
                continue;
            }

            Close.AreClose(brute, map, Tolerance, $"{method} of {target}, image {image}");
        }
    }

    private static IDataView Run(MLContext context, IDataView view, ImageNetwork network, AbsCamOptions options)
        => context.Transforms.AbsCam(Explained.Map, "Input", network, options).Fit(view).Transform(view);

    private static double Cosine(double[] y) => Cosine(Embedding, y);

    private static double Cosine(float[] reference, double[] y)
        => y.Zip(reference, (a, b) => a * b).Sum() / Math.Sqrt(y.Sum(a => a * a)) / Math.Sqrt(reference.Sum(b => (double)b * b));

    private static double[] Scores(float[] image) => TinyLoops.Logits(TinyNetwork.Rectified, TinyLoops.Maps(TinyNetwork.Rectified, [.. image.Select(value => (double)value)]));

    private static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));
}
