using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Samples.Service;
using Microsoft.ML.AbsCam.ServiceLoad;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using TorchSharp;
using PhotoRow = Microsoft.ML.AbsCam.Samples.Service.PhotoRow;

namespace Microsoft.ML.AbsCam.Tests.Service;

/// <summary>The sample service answers, and says why where it does not.</summary>
[TestClass]
public sealed class PhotoServiceTests
{
    private const string SmallLimits = "--Explain:MaxUploadBytes=300000";
    private const int Pixels = 320 * 320;

    [TestMethod]
    public async Task A_photo_is_explained_as_the_library_explains_it()
    {
        await using RunningService service = await RunningService.StartAsync();
        foreach (HttpContent content in (HttpContent[])[Upload.Raw(Upload.Scenes[0]), Upload.Form(Upload.Scenes[0])])
        {
            using HttpResponseMessage response = await Upload.PostAsync(service.Http, "/explain", content);
            ExplainedPhoto why = (await response.Content.ReadFromJsonAsync<ExplainedPhoto>())!;
            using PredictionEngine<PhotoRow, PhotoExplanation> engine = service.Model.NewEngine(service.Model.Offer.Usual);
            using MLImage photo = ImageFile.Load(Upload.Scenes[0]);
            PhotoExplanation expected = engine.Predict(new PhotoRow { Image = photo });
            Assert.AreEqual((expected.ClassName, expected.Probability, "Ok"), (why.Class, why.Probability, why.Status));
            Assert.AreEqual((112, 112), (why.Map!.Height, why.Map.Width));
            CollectionAssert.AreEqual(expected.Saliency, why.Map.Values);
            Assert.Contains(why.Class, DemoNetwork.Classes);
        }

        using HttpResponseMessage without = await Upload.PostAsync(service.Http, "/explain?map=false", Upload.Raw(Upload.Scenes[0]));
        Assert.IsNull((await without.Content.ReadFromJsonAsync<ExplainedPhoto>())!.Map);
    }

    [TestMethod]
    public async Task An_overlay_is_a_PNG_of_the_photos_size_with_the_answer_in_headers()
    {
        await using RunningService service = await RunningService.StartAsync();
        using HttpResponseMessage response = await Upload.PostAsync(service.Http, "/overlay", Upload.Raw(Upload.Scenes[1]));
        Assert.AreEqual("image/png", response.Content.Headers.ContentType?.MediaType);
        using MLImage overlay = ImageFile.Load(await response.Content.ReadAsByteArrayAsync());
        using MLImage photo = ImageFile.Load(Upload.Scenes[1]);
        Assert.AreEqual((photo.Width, photo.Height), (overlay.Width, overlay.Height));
        Assert.IsFalse(photo.Pixels.SequenceEqual(overlay.Pixels));
        Assert.Contains(Uri.UnescapeDataString(response.Headers.GetValues("AbsCam-Class").Single()), DemoNetwork.Classes);
        Assert.IsInRange(0f, 1f, float.Parse(response.Headers.GetValues("AbsCam-Probability").Single(), CultureInfo.InvariantCulture));
        Assert.AreEqual("Ok", response.Headers.GetValues("AbsCam-Status").Single());
    }

    // It counts the tensors of the whole process.
    [TestMethod]
    [DoNotParallelize]
    public async Task Eight_clients_get_the_same_answers_again_and_again_and_no_tensor_stays()
    {
        using var file = new TemporaryFile(".onnx");
        await File.WriteAllBytesAsync(file.Path, TinyNetwork.Rectified.ToOnnx());
        await using RunningService service = await RunningService.StartAsync($"--Explain:Model={file.Path}", "--Explain:PoolSize=3", "--Explain:Networks=2");
        var run = new LoadRun(service.Http, Upload.Scenes);
        await run.SendAsync(40, clients: 8);
        long live = torch.Tensor.TotalCount;
        await run.SendAsync(160, clients: 8);
        Assert.IsEmpty(run.Errors, string.Join('\n', run.Errors));
        Assert.HasCount(200, run.Milliseconds);
        Assert.AreEqual(200, service.Pool.Explained);
        Assert.IsLessThanOrEqualTo(live, torch.Tensor.TotalCount);
    }

    [TestMethod]
    public async Task Bad_uploads_are_refused_with_what_to_do_and_the_next_photo_is_explained()
    {
        await using RunningService service = await RunningService.StartAsync(SmallLimits, string.Create(CultureInfo.InvariantCulture, $"--Explain:MaxPixels={Pixels}"));
        byte[] scene = Upload.Scenes[0];
        byte[] large = new byte[300_001];
        byte[] wide = DemoScenes.Draw(1, 0, 321).EncodePng();
        (HttpContent Content, int Status, string Says)[] cases =
        [
            (Upload.Raw(large), 413, "more than 300,000 bytes. Send the photo smaller"),
            (Upload.Form(large), 413, "more than 300,000 bytes. Send the photo smaller"),
            (new StreamContent(new MemoryStream(large)) { Headers = { ContentType = new("image/png"), ContentLength = null } }, 413, "more than 300,000 bytes"),
            (Upload.Raw(wide), 422, "321 x 321, more than 102,400 pixels"),
            (Upload.Raw("<html></html>"u8.ToArray()), 422, "photo: this is not an image that can be read"),
            (Upload.Raw([]), 400, "The photo is empty (0 bytes)"),
            (Upload.Form([]), 400, "The photo is empty (0 bytes)"),
            (Upload.Raw(scene[..(scene.Length / 2)]), 422, "the image is truncated"),
            (Upload.Raw(scene, "text/plain"), 415, "The content type is 'text/plain'; expected image/jpeg"),
            (Upload.Raw(scene, null), 415, "The content type is ''; expected image/jpeg"),
            (Upload.Form(scene, "file"), 400, "The form has no file named 'photo'"),
            (Upload.Raw(scene, "multipart/form-data"), 400, "The form cannot be read"),
            (Upload.Raw(scene, "multipart/form-data; boundary=nowhere"), 400, "The form cannot be read"),
        ];
        foreach ((HttpContent content, int status, string says) in cases)
        {
            StringAssert.Contains(await Upload.RefusedAsync(service.Http, "/explain", content, status), says);
            using HttpResponseMessage next = await Upload.PostAsync(service.Http, "/explain", Upload.Raw(scene));
            Assert.AreEqual(HttpStatusCode.OK, next.StatusCode, says);
        }
    }

    [TestMethod]
    [DataRow("/nowhere", "POST", 404)]
    [DataRow("/explain", "GET", 405)]
    public async Task A_wrong_address_or_verb_is_a_problem_too(string path, string verb, int status)
    {
        await using RunningService service = await RunningService.StartUnreadyAsync();
        using HttpResponseMessage response = await service.Http.SendAsync(new HttpRequestMessage(new HttpMethod(verb), path));
        Assert.AreEqual(status, (int)response.StatusCode);
        Assert.AreEqual("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }
}
