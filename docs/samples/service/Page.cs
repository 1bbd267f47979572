using Microsoft.Extensions.FileProviders;

namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>The page for people, out of the program itself. It asks this service alone, and the browser holds it to that.</summary>
internal static class Page
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Use(WebApplication app)
    {
        var files = new FileServerOptions { FileProvider = new EmbeddedFileProvider(typeof(Page).Assembly, "page") };
        files.StaticFileOptions.OnPrepareResponse = file =>
        {
            file.Context.Response.Headers.ContentSecurityPolicy = Policy;
            file.Context.Response.Headers.XContentTypeOptions = "nosniff";
            file.Context.Response.Headers["Referrer-Policy"] = "no-referrer";
            file.Context.Response.Headers.CacheControl = "no-cache";
        };
        app.UseFileServer(files);
    }
}
