using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Microsoft.ML.AbsCam.ServiceLoad;

/// <summary>What the service said of a photo; the rest of its answer is left out of account.</summary>
internal sealed record Answer(string Class, float? Probability, string Status);

/// <summary>Clients that send photos one after the other, each as soon as its last was answered.</summary>
internal sealed class LoadRun(HttpClient http, IReadOnlyList<byte[]> photos)
{
    private const int MostTries = 100;
    private readonly ConcurrentDictionary<int, Answer> _first = new();
    private readonly ConcurrentQueue<double> _milliseconds = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private int _sent;
    private int _turnedAway;

    /// <summary>From the first try that got a place to the whole answer, in milliseconds, sorted.</summary>
    public double[] Milliseconds => [.. _milliseconds.Order()];

    /// <summary>Requests that were not answered as they should be; among them answers that were not always the same for the same photo.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>How often the service said "later", and the client came again.</summary>
    public int TurnedAway => _turnedAway;

    public TimeSpan Elapsed { get; private set; }

    /// <summary>Sends so many requests in all; photos take turns.</summary>
    /// <param name="requests">How many.</param>
    /// <param name="clients">How many clients share them.</param>
    /// <param name="after">Called with the number of answers so far, by whichever client got the last.</param>
    public async Task SendAsync(int requests, int clients, Func<int, Task>? after = null)
    {
        var watch = Stopwatch.StartNew();
        int answered = 0;
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            for (int number = Interlocked.Increment(ref _sent) - 1; number < requests; number = Interlocked.Increment(ref _sent) - 1)
            {
                await SendAsync(number % photos.Count);
                int count = Interlocked.Increment(ref answered);
                await (after?.Invoke(count) ?? Task.CompletedTask);
            }
        }));
        Elapsed += watch.Elapsed;
        _sent = 0;
    }

    private async Task SendAsync(int photo)
    {
        for (int i = 0; i < MostTries; i++)
        {
            long start = Stopwatch.GetTimestamp();
            using var body = new ByteArrayContent(photos[photo]);
            body.Headers.ContentType = new MediaTypeHeaderValue("image/png");
            using HttpResponseMessage response = await http.PostAsync(new Uri("/explain", UriKind.Relative), body);
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter?.Delta is TimeSpan delay)
            {
                Interlocked.Increment(ref _turnedAway);
                await Task.Delay(delay);
                continue;
            }

            if (!response.IsSuccessStatusCode)
            {
                _errors.Enqueue($"photo {photo}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
                return;
            }

            Answer answer = (await response.Content.ReadFromJsonAsync<Answer>())!;
            _milliseconds.Enqueue(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            Answer first = _first.GetOrAdd(photo, answer);
            if (first != answer)
            {
                _errors.Enqueue($"photo {photo}: {answer} instead of {first}");
            }

            return;
        }

        _errors.Enqueue($"photo {photo}: turned away {MostTries} times");
    }
}
