using System.Diagnostics;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>A map as a client gets it, row by row.</summary>
internal sealed record MapBody(int Height, int Width, float[] Values);

/// <summary>What a client gets of a photo. Where the status is not Ok there is no map; JSON has no NaN, so there is no probability either then.</summary>
internal sealed record ExplainedPhoto(string Class, float? Probability, string Status, double Milliseconds, MapBody? Map);

/// <summary>From a request with a photo to an answer.</summary>
internal sealed class PhotoEndpoints(UploadRoom room, EnginePool pool, ExplainModel model, ServiceOptions options)
{
    private const string Ok = nameof(Ok);

    /// <summary>Answers with class, probability, status and map.</summary>
    public Task<IResult> ExplainAsync(HttpContext http) => AnswerAsync(http, (query, photo, engine) =>
    {
        long start = Stopwatch.GetTimestamp();
        PhotoExplanation why = engine.Predict(new PhotoRow { Image = photo });
        (int height, int width) = (model.Preprocessing.Height, model.Preprocessing.Width);
        return TypedResults.Ok(new ExplainedPhoto(
            why.Class,
            float.IsFinite(why.Probability) ? why.Probability : null,
            why.Status,
            Stopwatch.GetElapsedTime(start).TotalMilliseconds,
            query.Map && why.Status == Ok ? new MapBody(height, width, why.Saliency) : null));
    });

    /// <summary>Answers with the photo under its map, as a PNG; the rest is in headers.</summary>
    public Task<IResult> OverlayAsync(HttpContext http) => AnswerAsync(http, (_, photo, engine) =>
    {
        PhotoExplanation why = engine.Predict(new PhotoRow { Image = photo });
        if (why.Status != Ok)
        {
            return TypedResults.Problem(
                $"There is no map of this photo: the status is {why.Status}, so there is nothing to draw. Ask /explain for the class.", statusCode: StatusCodes.Status422UnprocessableEntity);
        }

        using MLImage overlay = SaliencyOverlay.Draw(photo, why.Saliency, model.Preprocessing.Height, model.Preprocessing.Width, model.Preprocessing);
        http.Response.Headers["AbsCam-Class"] = Uri.EscapeDataString(why.Class);
        http.Response.Headers["AbsCam-Probability"] = why.Probability.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        http.Response.Headers["AbsCam-Status"] = why.Status;
        return TypedResults.Bytes(Png.Encode(overlay), "image/png");
    });

    // <answer>
    /// <summary>
    /// The body is read before a place is taken, so that a slow sender keeps none from others; the photo is decoded after. Where all places are
    /// taken already, that is said before a byte is read.
    /// </summary>
    private async Task<IResult> AnswerAsync(HttpContext http, Func<PhotoQuery, MLImage, PredictionEngine<PhotoRow, PhotoExplanation>, IResult> answer)
    {
        if (!model.IsReady)
        {
            return Problems.Busy(http, 1, "The network is still being loaded.");
        }

        if (pool.IsFull)
        {
            return Problems.Busy(http, pool.SecondsUntilFree, EnginePool.AllTaken);
        }

        try
        {
            PhotoQuery query = PhotoQuery.Read(http.Request.Query);
            byte[] upload = await room.ReadAsync(http.Request, http.RequestAborted);
            return await pool.RunAsync(engine =>
            {
                using MLImage photo = ImageFile.Load(upload, PhotoUpload.Field, new ImageFileOptions { MaxPixels = options.MaxPixels });
                return answer(query, photo, engine);
            }, http.RequestAborted);
        }
        catch (ImageFileException e)
        {
            return Problems.Unreadable(e, options);
        }
        catch (BadHttpRequestException e)
        {
            return Problems.Refused(http, e, options);
        }
        catch (NoPlaceException e)
        {
            return Problems.Busy(http, e.Seconds, e.Message);
        }
        catch (Exception e) when (http.RequestAborted.IsCancellationRequested && e is IOException or OperationCanceledException)
        {
            // Who asked is gone, and reads no answer.
            return TypedResults.StatusCode(StatusCodes.Status499ClientClosedRequest);
        }
    }

    // </answer>
}
