using Microsoft.Net.Http.Headers;

namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>Brings the photo of a request into memory. Kestrel counts the bytes, and throws when there are too many.</summary>
internal static class PhotoUpload
{
    public const string Field = "photo";

    /// <exception cref="BadHttpRequestException">There is no photo in the request; its status says why.</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        _ = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type);
        byte[] photo = type switch
        {
            { Type.Value: string kind } when kind.Equals("image", StringComparison.OrdinalIgnoreCase) => await ReadBodyAsync(request, cancellation),
            { MediaType.Value: string form } when form.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) => await ReadFormAsync(request, cancellation),
            _ => throw new BadHttpRequestException(
                $"The content type is '{request.ContentType}'; expected image/jpeg, image/png or another image, or multipart/form-data with a file named '{Field}'.", StatusCodes.Status415UnsupportedMediaType),
        };
        return photo.Length > 0 ? photo : throw new BadHttpRequestException("The photo is empty (0 bytes). Send the bytes of an image file.", StatusCodes.Status400BadRequest);
    }

    private static async Task<byte[]> ReadFormAsync(HttpRequest request, CancellationToken cancellation)
    {
        try
        {
            IFormCollection form = await request.ReadFormAsync(cancellation);
            IFormFile file = form.Files.GetFile(Field)
                ?? throw new BadHttpRequestException($"The form has no file named '{Field}'. Send the photo as that file.", StatusCodes.Status400BadRequest);
            await using Stream stream = file.OpenReadStream();
            return await ReadToEndAsync(stream, cancellation);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new BadHttpRequestException($"The form cannot be read ({e.Message.TrimEnd('.')}). Send multipart/form-data with one file named '{Field}'.", StatusCodes.Status400BadRequest, e);
        }
    }

    private static async Task<byte[]> ReadBodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        try
        {
            return await ReadToEndAsync(request.Body, cancellation);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new BadHttpRequestException($"The body cannot be read ({e.Message.TrimEnd('.')}). Send it with its length, or in chunks as HTTP has them.", StatusCodes.Status400BadRequest, e);
        }
    }

    // Kestrel says of most damage what its status is, and not of all: a chunk's size beyond an integer is a plain IOException.
    private static bool IsDamage(Exception e) => e is InvalidDataException || (e is IOException and not BadHttpRequestException);

    // No memory is taken on the word of a header.
    private static async Task<byte[]> ReadToEndAsync(Stream stream, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellation);
        return bytes.ToArray();
    }
}
