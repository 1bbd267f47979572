using System.Diagnostics;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>From a request with a photo to an answer.</summary>
internal sealed class PhotoEndpoints(UploadRoom room, EnginePool pool, ExplainModel model, ServiceOptions options)
{
    private const string Ok = nameof(Ok);

    /// <summary>Answers with class, probability, status and map.</summary>
    public Task<IResult> ExplainAsync(HttpContext http) => AnswerAsync(http, (query, photo, engine) =>
    {
        long start = Stopwatch.GetTimestamp();
        PhotoExplanation why = engine.Predict(new PhotoRow { Image = photo, Class = query.Class });
        return TypedResults.Ok(new ExplainedPhoto(
            why.ClassName,
            Finite(why.Probability),
            why.Status,
            Stopwatch.GetElapsedTime(start).TotalMilliseconds,
            query.Map && why.Status == Ok ? MapOf(why, query.Question, photo) : null,
            query.Top == 0 ? null : [.. Enumerable.Range(0, why.Scores.Length).OrderByDescending(i => why.Scores[i]).Take(query.Top).Select(i => new ClassBody(i, model.Offer.Labels[i], Finite(why.Scores[i])))]));
    });

    /// <summary>Answers with the photo under its map, as a PNG; the rest is in headers.</summary>
    public Task<IResult> OverlayAsync(HttpContext http) => AnswerAsync(http, (query, photo, engine) =>
    {
        PhotoExplanation why = engine.Predict(new PhotoRow { Image = photo, Class = query.Class });
        if (why.Status != Ok)
        {
            return TypedResults.Problem(
                $"There is no map of this photo: the status is {why.Status}, so there is nothing to draw. Ask /explain for the class.", statusCode: StatusCodes.Status422UnprocessableEntity);
        }

        (int height, int width) = SizeOf(query.Question);
        using MLImage overlay = SaliencyOverlay.Draw(photo, why.Saliency, height, width, model.Preprocessing);
        http.Response.Headers["AbsCam-Class"] = Uri.EscapeDataString(why.ClassName);
        http.Response.Headers["AbsCam-Probability"] = why.Probability.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        http.Response.Headers["AbsCam-Status"] = why.Status;
        return TypedResults.Bytes(Png.Encode(overlay), "image/png");
    });

    /// <summary>Answers with what can be asked.</summary>
    public IResult Network(HttpContext http) => model.IsReady ? TypedResults.Ok(model.Offer.Body()) : NotReady(http);

    // <answer>
    /// <summary>
    /// The body is read before a place is taken, so that a slow sender keeps none from others; the photo is decoded after. Where all places are
    /// taken already, that is said before a byte is read.
    /// </summary>
    private async Task<IResult> AnswerAsync(HttpContext http, Func<PhotoQuery, MLImage, PredictionEngine<PhotoRow, PhotoExplanation>, IResult> answer)
    {
        if (!model.IsReady)
        {
            return NotReady(http);
        }

        if (pool.IsFull)
        {
            return Problems.Busy(http, pool.SecondsUntilFree, EnginePool.AllTaken);
        }

        try
        {
            PhotoQuery query = PhotoQuery.Read(http.Request.Query, model.Offer);
            byte[] upload = await room.ReadAsync(http.Request, http.RequestAborted);
            return await pool.RunAsync(query.Question, engine =>
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
    private static IResult NotReady(HttpContext http) => Problems.Busy(http, 1, "The network is still being loaded.");

    private static float? Finite(float value) => float.IsFinite(value) ? value : null;

    private (int Height, int Width) SizeOf(Question question) => question is { IsSmall: true, Layer: { } name } && model.Offer.Layer(name) is { } layer
        ? (layer.Height, layer.Width)
        : (model.Preprocessing.Height, model.Preprocessing.Width);

    private MapBody MapOf(PhotoExplanation why, Question question, MLImage photo)
    {
        (int height, int width) = SizeOf(question);
        PhotoRegion region = SaliencyOverlay.Region(photo.Width, photo.Height, model.Preprocessing);
        return new MapBody(
            height, width, new RegionBody(region.Left / photo.Width, region.Top / photo.Height, region.Right / photo.Width, region.Bottom / photo.Height), why.Saliency);
    }
}
