using System.Buffers;
using System.IO.Pipelines;

namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>
/// Reads a body, and tells how many bytes came. Where a read is broken off, the body is left so that the server can end the request well; its own stream
/// leaves it in the middle of a read, and the server then logs an error.
/// </summary>
internal sealed class BodyStream(PipeReader body, Action<int> read) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ReadResult result = await body.ReadAsync(cancellationToken);
        ReadOnlySequence<byte> some = result.Buffer.Slice(0, Math.Min(result.IsCanceled ? 0 : buffer.Length, result.Buffer.Length));
        int count = (int)some.Length;
        some.CopyTo(buffer.Span);
        body.AdvanceTo(some.End);
        if (result.IsCanceled)
        {
            throw new OperationCanceledException("The read was broken off.");
        }

        read(count);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bodies are read without holding a thread.");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
