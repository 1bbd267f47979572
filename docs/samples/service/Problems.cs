using System.Globalization;

namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>Answers to requests that cannot be served, as RFC 9457 has them: what is wrong, and what to do.</summary>
internal static class Problems
{
    /// <summary>The body is too large, too slow, of another type, or not there; or the address asks for what there is not.</summary>
    public static IResult Refused(HttpContext http, BadHttpRequestException e, ServiceOptions options)
    {
        if (e.StatusCode == StatusCodes.Status408RequestTimeout)
        {
            // The rest of the body is not waited for.
            http.Response.Headers.Connection = "close";
        }

        return TypedResults.Problem(
            e.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? string.Create(CultureInfo.InvariantCulture, $"The request has more than {options.MaxUploadBytes:N0} bytes. Send the photo smaller, or compress it more.")
                : e.Message,
            statusCode: e.StatusCode);
    }

    /// <summary>The bytes came, and are not an image that can be explained.</summary>
    public static IResult Unreadable(ImageFileException e, ServiceOptions options) => TypedResults.Problem(
        e.Message,
        statusCode: StatusCodes.Status422UnprocessableEntity,
        extensions: new Dictionary<string, object?> { ["maxPixels"] = options.MaxPixels });

    /// <summary>Not now.</summary>
    public static IResult Busy(HttpContext http, int seconds, string why)
    {
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Problem(
            string.Create(CultureInfo.InvariantCulture, $"{why} Try again in {seconds} s."), statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
