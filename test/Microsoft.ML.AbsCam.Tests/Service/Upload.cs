using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.ML.AbsCam.Demo;

namespace Microsoft.ML.AbsCam.Tests.Service;

/// <summary>What the tests send to the service.</summary>
internal static class Upload
{
    private static readonly Lazy<byte[][]> Drawn = new(() => [.. DemoScenes.HeldOut(5).Select(scene => scene.EncodePng())]);

    public static IReadOnlyList<byte[]> Scenes => Drawn.Value;

    public static ByteArrayContent Raw(byte[] bytes, string? type = "image/png")
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return content;
    }

    public static MultipartFormDataContent Form(byte[] bytes, string field = "photo") => new() { { Raw(bytes), field, "photo.png" } };

    public static async Task<HttpResponseMessage> PostAsync(HttpClient http, string path, HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };

        // A body that will be refused is then never sent, and the answer cannot be lost behind it.
        request.Headers.ExpectContinue = true;
        return await http.SendAsync(request);
    }

    /// <summary>Posts what must be refused, and gives back the problem's own words.</summary>
    public static async Task<string> RefusedAsync(HttpClient http, string path, HttpContent content, int status)
    {
        using HttpResponseMessage response = await PostAsync(http, path, content);
        string body = await response.Content.ReadAsStringAsync();
        Assert.AreEqual(status, (int)response.StatusCode, body);
        Assert.AreEqual("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using JsonDocument problem = JsonDocument.Parse(body);
        Assert.AreEqual(status, problem.RootElement.GetProperty("status").GetInt32());
        return problem.RootElement.GetProperty("detail").GetString()!;
    }
}
