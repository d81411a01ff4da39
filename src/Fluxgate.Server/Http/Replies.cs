using System.Reflection;
using Fluxgate.Core.Kernel;
using Microsoft.AspNetCore.Http.Metadata;

namespace Fluxgate.Server.Http;

/// <summary>200 with the value, or the error's problem document. Handlers return it; OpenAPI reads its type.</summary>
public sealed class Reply<T> : IResult, IEndpointMetadataProvider
{
    private readonly Result<T> result;

    private Reply(Result<T> result) => this.result = result;

    public static implicit operator Reply<T>(T value) => new(value);

    public static implicit operator Reply<T>(Error error) => new(error);

    public static implicit operator Reply<T>(Result<T> result) => new(result);

    public Task ExecuteAsync(HttpContext httpContext) => result.Error is { } error
        ? Problems.Write(httpContext, error)
        : ReplyWriter.Write(httpContext, StatusCodes.Status200OK, result.Value);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => ReplyWriter.Describe<T>(builder, StatusCodes.Status200OK);
}

/// <summary>201 with the new resource and its <c>Location</c>, or the error.</summary>
public sealed class Created<T> : IResult, IEndpointMetadataProvider
{
    private readonly Result<T> result;
    private readonly string location;

    private Created(Result<T> result, string location) => (this.result, this.location) = (result, location);

    /// <summary><paramref name="location"/> is relative to the collection that was posted to.</summary>
    public static Created<T> At(object location, T value) => new(value, location.ToString()!);

    public static implicit operator Created<T>(Error error) => new(error, "");

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (result.Error is { } error)
            return Problems.Write(httpContext, error);
        httpContext.Response.Headers.Location = $"{Security.OrganizationRoute.OriginalPath(httpContext)}/{location}";
        return ReplyWriter.Write(httpContext, StatusCodes.Status201Created, result.Value);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => ReplyWriter.Describe<T>(builder, StatusCodes.Status201Created);
}

/// <summary>202 with what was started, or the error.</summary>
public sealed class Accepted<T> : IResult, IEndpointMetadataProvider
{
    private readonly Result<T> result;

    private Accepted(Result<T> result) => this.result = result;

    public static implicit operator Accepted<T>(T value) => new(value);

    public static implicit operator Accepted<T>(Error error) => new(error);

    public static implicit operator Accepted<T>(Result<T> result) => new(result);

    public Task ExecuteAsync(HttpContext httpContext) => result.Error is { } error
        ? Problems.Write(httpContext, error)
        : ReplyWriter.Write(httpContext, StatusCodes.Status202Accepted, result.Value);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => ReplyWriter.Describe<T>(builder, StatusCodes.Status202Accepted);
}

/// <summary>204, or the error.</summary>
public sealed class NoContent : IResult, IEndpointMetadataProvider
{
    public static readonly NoContent Done = new(null);

    private readonly Error? error;

    private NoContent(Error? error) => this.error = error;

    public static implicit operator NoContent(Error error) => new(error);

    public static implicit operator NoContent(Result<Done> result) => new(result.Error);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (error is not null)
            return Problems.Write(httpContext, error);
        httpContext.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status204NoContent));
        ReplyWriter.DescribeProblem(builder);
    }
}

file static class ReplyWriter
{
    public static Task Write<T>(HttpContext context, int status, T value)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(value, JsonConventions.Options, context.RequestAborted);
    }

    public static void Describe<T>(EndpointBuilder builder, int status)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(T), ["application/json"]));
        DescribeProblem(builder);
    }

    public static void DescribeProblem(EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(Problem), [Problems.ContentType]));
}
