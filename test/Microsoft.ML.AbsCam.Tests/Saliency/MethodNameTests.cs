using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Saliency;

/// <summary>Methods by name: what is written is read again, and what cannot be is explained.</summary>
[TestClass]
public sealed class MethodNameTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Every_ready_made_method_is_found_by_its_name()
    {
        foreach (SaliencyMethod method in SaliencyMethod.All.Concat(SaliencyMethod.ForSomeNetworks))
        {
            Assert.AreSame(method, SaliencyMethod.Parse(method.Name.ToUpperInvariant()));
            Assert.AreEqual(SaliencyMethod.Smoothed(method), SaliencyMethod.Parse($"smooth({method.Name})"));
            Assert.AreNotEqual(SaliencyMethod.Smoothed(method), method);
        }

        Assert.HasCount(SaliencyMethod.All.Count, SaliencyMethod.All.Select(method => method.Name).Distinct());
    }

    [TestMethod]
    [DataRow("rise(masks=500)", "rise(masks=500)")]
    [DataRow(" rise ( seed = -3 , keep=0.25, MASKS=4000 ) ", "rise(keep=0.25,seed=-3)")]
    [DataRow("rise()", "rise")]
    [DataRow("Occlusion( patch=16, stride = 8, fill=-0.5)", "occlusion(patch=16,stride=8,fill=-0.5)")]
    [DataRow("occlusion(fill=0)", "occlusion")]
    [DataRow("recipro-cam(GAUSSIAN=True)", "recipro-cam(gaussian=true)")]
    [DataRow("recipro-cam()", "recipro-cam")]
    [DataRow("smooth(rise(masks=7,cells=4), samples=3, flips=FALSE)", "smooth(rise(masks=7,cells=4),samples=3,flips=false)")]
    [DataRow("smooth( grad-cam++ ,noise=1e-1)", "smooth(grad-cam++)")]
    [DataRow("smooth(score-cam,noise=0,samples=2,seed=9)", "smooth(score-cam,samples=2,noise=0,seed=9)")]
    public void Numbers_stand_in_parentheses_and_those_of_the_default_are_left_out(string text, string name)
    {
        SaliencyMethod method = SaliencyMethod.Parse(text);
        Assert.AreEqual(name, method.Name);
        Assert.AreEqual(name, method.ToString());
        Assert.AreEqual(method, SaliencyMethod.Parse(name));
        Assert.AreEqual(method.GetHashCode(), SaliencyMethod.Parse(name).GetHashCode());
    }

    [TestMethod]
    [DataRow("grad-camp", "Did you mean 'grad-cam'")]
    [DataRow("abscam", "Did you mean 'abs-cam'")]
    [DataRow("", "There is no saliency method ''. The methods are abs-cam, ")]
    [DataRow("smooth", "needs a method in parentheses: smooth(grad-cam)")]
    [DataRow("smooth()", "There is no saliency method ''")]
    [DataRow("smooth(nothing)", "no saliency method 'nothing'")]
    [DataRow("smooth(smooth(grad-cam))", "'smooth(grad-cam)' is smoothed already")]
    [DataRow("smooth(grad-cam", "lacks the closing parenthesis")]
    [DataRow("smooth(grad-cam,noise=2)", "noise of a smoothed method, a share of the input's range: 2 is outside 0 to 1")]
    [DataRow("smooth(grad-cam,noise=NaN)", "NaN is outside 0 to 1")]
    [DataRow("smooth(grad-cam,samples=0)", "0 is outside 1 to 10000")]
    [DataRow("smooth(grad-cam,flips=maybe)", "flips is 'maybe'; true or false is expected")]
    [DataRow("grad-cam(samples=3)", "'grad-cam' takes nothing in parentheses")]
    [DataRow("rise(mask=3)", "has no 'mask'; masks, cells, keep, seed can be given. Did you mean 'masks'")]
    [DataRow("rise(3)", "'3' is not of the form KEY=VALUE")]
    [DataRow("rise(masks=3,masks=4)", "gives 'masks' twice")]
    [DataRow("rise(masks=many)", "masks is 'many'; a whole number is expected")]
    [DataRow("rise(masks=1000001)", "masks of RISE: 1000001 is outside 1 to 1000000")]
    [DataRow("rise(cells=65)", "outside 1 to 64")]
    [DataRow("integrated-gradients(steps=0)", "steps of integrated gradients: 0 is outside 1 to 10000")]
    [DataRow("occlusion(patch=-1)", "pixels of occlusion's patch: -1 is outside 0 to 100000")]
    [DataRow("occlusion(patch=2,stride=3)", "pixels from one patch of occlusion to the next: 3 is outside 0 to 2")]
    [DataRow("occlusion(fill=NaN)", "fills occlusion's patch: NaN is outside")]
    [DataRow("rise(keep=1)", "cell of RISE is open: 1 is outside")]
    public void What_is_no_method_is_told_apart(string text, string because)
    {
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => SaliencyMethod.Parse(text)).Message, because);
        Assert.IsFalse(SaliencyMethod.TryParse(text, out SaliencyMethod? method));
        Assert.IsNull(method);
    }

    [TestMethod]
    public void Null_is_no_method()
    {
        Assert.IsFalse(SaliencyMethod.TryParse(null, out _));
        Assert.ThrowsExactly<ArgumentNullException>(() => SaliencyMethod.Parse(null!));
    }

    [TestMethod]
    [DataRow("abs-cam-whole")]
    [DataRow("eigen-cam")]
    [DataRow("rise(masks=9,seed=2)")]
    [DataRow("occlusion(patch=3,fill=1.5)")]
    [DataRow("integrated-gradients(steps=4,baseline=-1)")]
    [DataRow("recipro-cam(gaussian=true)")]
    [DataRow("smooth(rise(masks=5),samples=3,noise=0.25,flips=false)")]
    [DataRow("smooth(layer-cam)")]
    public void A_saved_pipeline_keeps_its_method_with_all_its_numbers(string name)
    {
        IDataView view = TinyNetwork.View(_context, 3);
        using AbsCamTransformer saved = Explained.Transformer(_context, new AbsCamOptions { Method = SaliencyMethod.Parse(name) });
        using var stream = new MemoryStream();
        _context.Model.Save(saved, view.Schema, stream);
        stream.Position = 0;
        using var loaded = (AbsCamTransformer)_context.Model.Load(stream, out _);
        Assert.AreEqual(saved.Options, loaded.Options);
        Assert.AreEqual(name, loaded.Options.Method.Name);
        float[][] expected = saved.Transform(view).Maps();
        float[][] actual = loaded.Transform(view).Maps();
        for (int row = 0; row < expected.Length; row++)
        {
            CollectionAssert.AreEqual(expected[row], actual[row]);
        }
    }

    [TestMethod]
    public void A_method_of_one_s_own_cannot_be_saved_even_under_a_ready_made_name()
    {
        SaliencyMethod own = SaliencyMethod.FromGradients("grad-cam", (activation, gradient) => (activation * gradient).sum(1));
        foreach (SaliencyMethod method in (SaliencyMethod[])[own, SaliencyMethod.Smoothed(own)])
        {
            using AbsCamTransformer transformer = Explained.Transformer(_context, new AbsCamOptions { Method = method });
            using var stream = new MemoryStream();
            StringAssert.Contains(
                Assert.ThrowsExactly<InvalidOperationException>(() => _context.Model.Save(transformer, TinyNetwork.View(_context, 1).Schema, stream)).Message,
                $"The saliency method '{method.Name}' is this program's own");
        }
    }
}
