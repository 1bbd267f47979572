using System.IO.Pipelines;

namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>
/// Where photos are read: it has a bound of its own, in senders and in bytes, and a deadline for each. Where it is full, whoever has been sending
/// longest gives way to whoever comes, so that slow senders, however many, keep nobody out.
/// </summary>
internal sealed class UploadRoom(ServiceOptions options, TimeProvider clock, ServiceTelemetry telemetry)
{
    // <room>
    /// <summary>Nobody gives way sooner: most photos are here in less.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Lock _door = new();
    private readonly LinkedList<UploadSender> _byArrival = [];
    private long _bytes;

    /// <summary>Reads the photo of a request.</summary>
    /// <exception cref="BadHttpRequestException">There is no photo in it, or it took too long; its status says which.</exception>
    /// <exception cref="NoPlaceException">The room is full of senders who came just now.</exception>
    public async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        using var sender = new UploadSender(clock, TimeSpan.FromSeconds(options.UploadSeconds));
        Enter(sender);
        using IDisposable timed = telemetry.Phase("upload");
        try
        {
            // The reader is told to stop, and no token: at a token, ASP.NET's form reader cuts the connection before there is an answer.
            PipeReader reader = request.BodyReader;
            using CancellationTokenRegistration end = sender.Token.Register(reader.CancelPendingRead);
            request.Body = new BodyStream(reader, count => Count(sender, count));
            return await PhotoUpload.ReadAsync(request, cancellation);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new BadHttpRequestException(
                sender.GaveWay
                    ? $"The photo was still coming after {Grace.TotalSeconds} seconds, when others needed its place. Send it again, or smaller."
                    : $"The photo was not here within {options.UploadSeconds} seconds. Send it smaller, or over a faster line.",
                StatusCodes.Status408RequestTimeout);
        }
        finally
        {
            Leave(sender);
        }
    }

    private void Enter(UploadSender sender)
    {
        lock (_door)
        {
            if (_byArrival.Count >= options.Uploads)
            {
                MakeRoom();
            }

            _byArrival.AddLast(sender.Place);
        }
    }

    private void Count(UploadSender sender, int bytes)
    {
        lock (_door)
        {
            if (sender.Place.List is not null)
            {
                sender.Bytes += bytes;
                _bytes += bytes;
                while (_bytes > options.UploadsBytes)
                {
                    MakeRoom();
                }
            }
        }
    }

    /// <summary>Sends away who has been here longest.</summary>
    private void MakeRoom()
    {
        UploadSender oldest = _byArrival.First!.Value;
        if (clock.GetElapsedTime(oldest.Since) < Grace)
        {
            throw new NoPlaceException("All places for uploads are taken.", (int)Grace.TotalSeconds);
        }

        Leave(oldest);
        oldest.GiveWay();
    }

    private void Leave(UploadSender sender)
    {
        lock (_door)
        {
            if (sender.Place.List is not null)
            {
                _byArrival.Remove(sender.Place);
                _bytes -= sender.Bytes;
            }
        }
    }

    // </room>
    /// <summary>How many are sending.</summary>
    public int Senders
    {
        get
        {
            lock (_door)
            {
                return _byArrival.Count;
            }
        }
    }

    /// <summary>How many bytes they have sent.</summary>
    public long Bytes
    {
        get
        {
            lock (_door)
            {
                return _bytes;
            }
        }
    }
}
