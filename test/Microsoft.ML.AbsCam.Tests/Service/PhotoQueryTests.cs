using System.Net.Http.Json;
using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Samples.Service;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Service;

/// <summary>What an address asks for is what is answered, or refused with what there is.</summary>
[TestClass]
public sealed class PhotoQueryTests
{
    private static RunningService? _service;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context) => _service = await RunningService.StartAsync("--Explain:Method=abs-cam-initial");

    [ClassCleanup]
    public static async Task EndAsync() => await (_service?.DisposeAsync() ?? ValueTask.CompletedTask);

    [TestMethod]
    [DataRow("map=2", "'map' is '2'; expected true or false.")]
    [DataRow("mpa=false", "There is no 'mpa' to ask for; expected map, size, top, class, method, layer.")]
    [DataRow("map=true&map=false", "'map' is there 2 times; expected once.")]
    [DataRow("size=huge", "'size' is 'huge'; expected input or layer.")]
    [DataRow("top=-1", "'top' is '-1'; expected a number of classes, 0 to ")]
    [DataRow("class=unicorn", "'class' is 'unicorn'; expected a class's name, or its number from 0 to ")]
    [DataRow("class=1000", "'class' is '1000'; expected a class's name, or its number from 0 to ")]
    [DataRow("method=rise", "'method' is 'rise'; expected one of abs-cam-initial, abs-cam, ")]
    [DataRow("layer=nowhere", "'layer' is 'nowhere'; expected the name of a layer that /network lists, such as '")]
    public async Task What_is_asked_for_in_vain_is_refused_with_what_there_is(string query, string says)
        => StringAssert.Contains(await Upload.RefusedAsync(_service!.Http, $"/explain?{query}", Upload.Raw(Upload.Scenes[0]), 400), says);

    [TestMethod]
    public async Task A_class_by_name_or_number_a_method_and_a_layer_give_the_librarys_own_map()
    {
        Offer offer = _service!.Model.Offer;
        string layer = offer.Layers.First(each => each.Kind == LayerVerdict.Earlier).Name;
        int index = DemoNetwork.Classes.Count - 1;
        using var network = ImageNetwork.FromOnnx(DemoNetwork.ReadOnnx());
        var context = new MLContext();
        using MLImage photo = ImageFile.Load(Upload.Scenes[0]);
        IDataView rows = context.Data.LoadFromEnumerable([new PhotoRow { Image = photo }]);
        using AbsCamTransformer library = context.Transforms.AbsCam("Saliency", "Image", network, new AbsCamOptions
        {
            Method = SaliencyMethod.GradCam,
            Layers = [layer],
            MapSize = MapSize.Layer,
            Target = SaliencyTarget.Class(index),
            Preprocessing = _service.Model.Preprocessing,
            Columns = new() { Probability = "P" },
        }).Fit(rows);
        float[] expected = library.Transform(rows).GetColumn<VBuffer<float>>("Saliency").Single().DenseValues().ToArray();
        foreach (string name in (string[])[DemoNetwork.Classes[index], $"{index}"])
        {
            ExplainedPhoto why = await AskAsync($"class={Uri.EscapeDataString(name)}&method=grad-cam&layer={Uri.EscapeDataString(layer)}&size=layer");
            Assert.AreEqual(DemoNetwork.Classes[index], why.Class);
            Assert.AreEqual((offer.Layer(layer).Height, offer.Layer(layer).Width), (why.Map!.Height, why.Map.Width));
            CollectionAssert.AreEqual(expected, why.Map.Values);
        }
    }

    [TestMethod]
    public async Task Classes_come_in_falling_order_with_the_explained_one_first()
    {
        ExplainedPhoto why = await AskAsync("top=4&map=false");
        Assert.HasCount(4, why.Classes!);
        Assert.AreEqual((why.Class, why.Probability), (why.Classes![0].Name, why.Classes[0].Probability));
        CollectionAssert.AreEqual(why.Classes.OrderByDescending(each => each.Probability).ToArray(), why.Classes.ToArray());
        Assert.IsTrue(why.Classes.All(each => DemoNetwork.Classes[each.Index] == each.Name));
    }

    [TestMethod]
    public async Task The_network_says_what_can_be_asked()
    {
        OfferBody offer = (await _service!.Http.GetFromJsonAsync<OfferBody>(new Uri("/network", UriKind.Relative)))!;
        CollectionAssert.AreEqual(DemoNetwork.Classes.ToArray(), offer.Classes.ToArray());
        Assert.AreEqual(("abs-cam-initial", offer.Layers.Single(layer => layer.Kind == "Pick").Name), (offer.Method, offer.Layer));
        Assert.IsTrue(offer.Methods.All(method => method.Text.Length > 0), "each method is told in a sentence");
        Assert.DoesNotContain("rise", offer.Methods.Select(method => method.Name));
    }

    [TestMethod]
    [DataRow(300, 200)]
    [DataRow(200, 311)]
    public void A_maps_region_is_the_part_of_the_photo_that_a_centre_crop_leaves(int width, int height)
    {
        PhotoRegion region = SaliencyOverlay.Region(width, height, ImagePreprocessing.ImageNet);

        // The shorter side becomes 256, the longer one is cut off to whole pixels, and 224 of either are kept in the middle.
        double scale = 256.0 / Math.Min(width, height);
        (double Width, double Height) resized = (Math.Floor(width * scale), Math.Floor(height * scale));
        Assert.AreEqual(Math.Round((resized.Width - 224) / 2) * width / resized.Width, region.Left, 1e-9);
        Assert.AreEqual(Math.Round((resized.Height - 224) / 2) * height / resized.Height, region.Top, 1e-9);
        Assert.AreEqual(224 * width / resized.Width, region.Right - region.Left, 1e-9);
        Assert.AreEqual(224 * height / resized.Height, region.Bottom - region.Top, 1e-9);
    }

    [TestMethod]
    public void A_padded_photos_map_reaches_beyond_it()
        => Assert.AreEqual(new PhotoRegion(0, -50, 300, 250), SaliencyOverlay.Region(300, 200, new ImagePreprocessing { Width = 150, Height = 150, Resize = ResizeRule.Pad }));

    private static async Task<ExplainedPhoto> AskAsync(string query)
    {
        using HttpResponseMessage answer = await Upload.PostAsync(_service!.Http, $"/explain?{query}", Upload.Raw(Upload.Scenes[0]));
        return (await answer.Content.ReadFromJsonAsync<ExplainedPhoto>())!;
    }
}
