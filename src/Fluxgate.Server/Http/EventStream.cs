using System.Reflection;
using Fluxgate.Core.Kernel;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Fluxgate.Server.Http;

/// <summary>200 with server-sent events (HTML Standard, section 9.2) until the writing returns, or the error. <typeparamref name="T"/> is the data of its events.</summary>
internal sealed class EventStream<T> : IResult, IEndpointMetadataProvider
{
    private readonly Result<Func<EventWriter, Task>> result;

    private EventStream(Result<Func<EventWriter, Task>> result) => this.result = result;

    public static implicit operator EventStream<T>(Func<EventWriter, Task> write) => new(write);

    public static implicit operator EventStream<T>(Error error) => new(error);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (result.Error is { } error)
        {
            await Problems.Write(httpContext, error);
            return;
        }
        httpContext.Response.ContentType = EventWriter.ContentType;
        httpContext.Response.Headers.CacheControl = "no-store";
        // A proxy that gathers an answer before it passes it on would turn live into never.
        httpContext.Response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        await result.Value(new EventWriter(httpContext.Response));
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), [EventWriter.ContentType]));
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(Problem), [Problems.ContentType]));
    }
}
