"""One-module PyTorch models: a module on an input of the given shape, then a dense layer that gives three scores."""

import torch
import torch.nn.functional as F
from torch import nn


class Apply(nn.Module):
    """A module made of one function, with weights of its own where it needs them."""

    def __init__(self, function, **weights):
        super().__init__()
        self.function = function
        for name, weight in weights.items():
            self.register_buffer(name, weight)
        self.names = tuple(weights)

    def forward(self, x):
        return self.function(x, *[getattr(self, name) for name in self.names])


class Scores(nn.Module):
    """The module and a dense layer after it."""

    def __init__(self, module, shape):
        super().__init__()
        self.module = module.eval()
        with torch.no_grad():
            count = self.module(torch.zeros(1, *shape)).numel()
        self.scores = nn.Linear(count, 3)

    def forward(self, x):
        return self.scores(torch.flatten(self.module(x), 1))


class First(nn.Module):
    """The first output of a module with several."""

    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, x):
        return self.module(x)[0]


class SelfAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(4, 2, batch_first=True)

    def forward(self, x):
        return self.attention(x, x, x, need_weights=False)[0]


class SqueezeExcite(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(4, 2, 1)
        self.up = nn.Conv2d(2, 4, 1)

    def forward(self, x):
        gate = torch.sigmoid(self.up(torch.relu(self.down(x.mean((2, 3), keepdim=True)))))
        return x * gate


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(4, 4, 3, padding=1)

    def forward(self, x):
        return x + torch.relu(self.conv(x))


VECTOR = (8,)
SIGNAL = (4, 8)
PLANE = (4, 6, 6)
VOLUME = (2, 4, 4, 4)


def weights(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(5)) / 2


# name: (module, shape of a row)
MODULES = {
    # dense and convolutional
    'linear': (lambda: nn.Linear(8, 5), VECTOR),
    'linear-without-bias': (lambda: nn.Linear(8, 5, bias=False), VECTOR),
    'linear-on-positions': (lambda: nn.Linear(8, 5), SIGNAL),
    'conv1d': (lambda: nn.Conv1d(4, 3, 3), SIGNAL),
    'conv2d': (lambda: nn.Conv2d(4, 3, 3), PLANE),
    'conv2d-same': (lambda: nn.Conv2d(4, 3, 3, padding='same'), PLANE),
    'conv2d-strided': (lambda: nn.Conv2d(4, 3, 3, stride=2, padding=1), PLANE),
    'conv2d-dilated': (lambda: nn.Conv2d(4, 3, 3, dilation=2, padding=2), PLANE),
    'conv2d-groups': (lambda: nn.Conv2d(4, 6, 3, groups=2), PLANE),
    'conv2d-depthwise': (lambda: nn.Conv2d(4, 4, 3, groups=4), PLANE),
    'conv2d-circular': (lambda: nn.Conv2d(4, 3, 3, padding=1, padding_mode='circular'), PLANE),
    'conv2d-reflect': (lambda: nn.Conv2d(4, 3, 3, padding=1, padding_mode='reflect'), PLANE),
    'conv2d-replicate': (lambda: nn.Conv2d(4, 3, 3, padding=1, padding_mode='replicate'), PLANE),
    'conv3d': (lambda: nn.Conv3d(2, 2, 3), VOLUME),
    'conv-transpose1d': (lambda: nn.ConvTranspose1d(4, 3, 3, stride=2), SIGNAL),
    'conv-transpose2d': (lambda: nn.ConvTranspose2d(4, 3, 3, stride=2, padding=1, output_padding=1), PLANE),
    'conv-transpose2d-groups': (lambda: nn.ConvTranspose2d(4, 4, 2, groups=2, dilation=2), PLANE),
    'unfold': (lambda: nn.Unfold(2, stride=2), PLANE),
    'fold': (lambda: nn.Fold((4, 4), 2), (8, 9)),
    'bilinear-of-itself': (lambda: Apply(lambda x, w: torch.einsum('bi,oij,bj->bo', x, w, x), w=weights(3, 8, 8)), VECTOR),
    'einsum': (lambda: Apply(lambda x, w: torch.einsum('bcl,dc->bdl', x, w), w=weights(5, 4)), SIGNAL),
    # pools
    'max-pool1d': (lambda: nn.MaxPool1d(2), SIGNAL),
    'max-pool2d': (lambda: nn.MaxPool2d(2), PLANE),
    'max-pool2d-ceil': (lambda: nn.MaxPool2d(4, ceil_mode=True), PLANE),
    'max-pool3d': (lambda: nn.MaxPool3d(2), VOLUME),
    'avg-pool1d': (lambda: nn.AvgPool1d(2), SIGNAL),
    'avg-pool2d': (lambda: nn.AvgPool2d(3, stride=2, padding=1), PLANE),
    'adaptive-avg-pool': (lambda: nn.AdaptiveAvgPool2d(1), PLANE),
    'adaptive-avg-pool-to-3': (lambda: nn.AdaptiveAvgPool2d(3), PLANE),
    'adaptive-max-pool': (lambda: nn.AdaptiveMaxPool2d(1), PLANE),
    'adaptive-max-pool-to-2': (lambda: nn.AdaptiveMaxPool2d(2), PLANE),
    'lp-pool': (lambda: nn.LPPool2d(2, 2), PLANE),
    # functions of one value
    'relu': (nn.ReLU, VECTOR),
    'relu6': (nn.ReLU6, VECTOR),
    'leaky-relu': (lambda: nn.LeakyReLU(0.1), VECTOR),
    'prelu': (nn.PReLU, VECTOR),
    'prelu-per-channel': (lambda: nn.PReLU(4), SIGNAL),
    'elu': (nn.ELU, VECTOR),
    'selu': (nn.SELU, VECTOR),
    'celu': (nn.CELU, VECTOR),
    'gelu': (nn.GELU, VECTOR),
    'gelu-tanh': (lambda: nn.GELU('tanh'), VECTOR),
    'silu': (nn.SiLU, VECTOR),
    'mish': (nn.Mish, VECTOR),
    'hardswish': (nn.Hardswish, VECTOR),
    'hardsigmoid': (nn.Hardsigmoid, VECTOR),
    'hardtanh': (nn.Hardtanh, VECTOR),
    'hardshrink': (nn.Hardshrink, VECTOR),
    'softshrink': (nn.Softshrink, VECTOR),
    'tanhshrink': (nn.Tanhshrink, VECTOR),
    'softplus': (nn.Softplus, VECTOR),
    'softsign': (nn.Softsign, VECTOR),
    'sigmoid': (nn.Sigmoid, VECTOR),
    'log-sigmoid': (nn.LogSigmoid, VECTOR),
    'tanh': (nn.Tanh, VECTOR),
    'threshold': (lambda: nn.Threshold(0.1, -0.5), VECTOR),
    'abs': (lambda: Apply(torch.abs), VECTOR),
    'sign': (lambda: Apply(torch.sign), VECTOR),
    'exp': (lambda: Apply(torch.exp), VECTOR),
    'sqrt': (lambda: Apply(lambda x: torch.sqrt(torch.relu(x) + 0.1)), VECTOR),
    'log': (lambda: Apply(lambda x: torch.log(torch.relu(x) + 0.5)), VECTOR),
    'square': (lambda: Apply(torch.square), VECTOR),
    'reciprocal': (lambda: Apply(lambda x: 1 / (torch.relu(x) + 0.5)), VECTOR),
    'sin': (lambda: Apply(torch.sin), VECTOR),
    'clamp': (lambda: Apply(lambda x: torch.clamp(x, -0.5, 0.5)), VECTOR),
    'clamp-min': (lambda: Apply(lambda x: torch.clamp(x, min=-0.25)), VECTOR),
    # normalisations
    'batch-norm1d': (lambda: nn.BatchNorm1d(8), VECTOR),
    'batch-norm2d': (lambda: nn.BatchNorm2d(4), PLANE),
    'layer-norm': (lambda: nn.LayerNorm(8), VECTOR),
    'group-norm': (lambda: nn.GroupNorm(2, 4), PLANE),
    'instance-norm': (lambda: nn.InstanceNorm2d(4), PLANE),
    'instance-norm-tracked': (lambda: nn.InstanceNorm2d(4, track_running_stats=True), PLANE),
    'local-response-norm': (lambda: nn.LocalResponseNorm(2), PLANE),
    'softmax': (lambda: nn.Softmax(-1), VECTOR),
    'log-softmax': (lambda: nn.LogSoftmax(-1), VECTOR),
    'softmin': (lambda: nn.Softmin(-1), VECTOR),
    'normalize': (lambda: Apply(F.normalize), VECTOR),
    # shapes
    'identity': (nn.Identity, VECTOR),
    'dropout': (nn.Dropout, VECTOR),
    'flatten': (nn.Flatten, PLANE),
    'unflatten': (lambda: nn.Unflatten(1, (2, 4)), VECTOR),
    'pixel-shuffle': (lambda: nn.PixelShuffle(2), PLANE),
    'pixel-unshuffle': (lambda: nn.PixelUnshuffle(2), PLANE),
    'channel-shuffle': (lambda: nn.ChannelShuffle(2), PLANE),
    'upsample-nearest': (lambda: nn.Upsample(scale_factor=2), PLANE),
    'upsample-bilinear': (lambda: nn.Upsample(scale_factor=2, mode='bilinear'), PLANE),
    'upsample-aligned': (lambda: nn.Upsample(size=(9, 8), mode='bilinear', align_corners=True), PLANE),
    'upsample-linear': (lambda: nn.Upsample(scale_factor=2, mode='linear'), SIGNAL),
    'upsample-bicubic': (lambda: nn.Upsample(scale_factor=2, mode='bicubic'), PLANE),
    'zero-pad': (lambda: nn.ZeroPad2d(1), PLANE),
    'constant-pad': (lambda: nn.ConstantPad2d((1, 0, 2, 0), 0.5), PLANE),
    'reflection-pad': (lambda: nn.ReflectionPad2d(1), PLANE),
    'replication-pad': (lambda: nn.ReplicationPad2d(1), PLANE),
    'circular-pad': (lambda: nn.CircularPad2d(1), PLANE),
    'chunk': (lambda: Apply(lambda x: torch.cat(torch.chunk(x, 2, 1)[::-1], 1)), SIGNAL),
    'split': (lambda: Apply(lambda x: torch.split(x, [3, 5], 1)[1]), VECTOR),
    'stack': (lambda: Apply(lambda x: torch.stack([x, -x], 1)), VECTOR),
    'roll': (lambda: Apply(lambda x: torch.roll(x, 2, 1)), VECTOR),
    'flip': (lambda: Apply(lambda x: torch.flip(x, [2])), SIGNAL),
    'permute': (lambda: Apply(lambda x: x.permute(0, 2, 3, 1)), PLANE),
    'repeat': (lambda: Apply(lambda x: x.repeat(1, 2)), VECTOR),
    'expand': (lambda: Apply(lambda x: x.unsqueeze(1).expand(-1, 3, -1)), VECTOR),
    'index-select': (lambda: Apply(lambda x, i: torch.index_select(x, 1, i), i=torch.tensor([2, 0])), SIGNAL),
    'every-second': (lambda: Apply(lambda x: x[:, :, ::2]), SIGNAL),
    'tril': (lambda: Apply(torch.tril), SIGNAL),
    'cumsum': (lambda: Apply(lambda x: torch.cumsum(x, 1)), VECTOR),
    'gather': (lambda: Apply(lambda x, i: torch.gather(x, 2, i), i=torch.tensor([[[0, 3], [1, 1], [7, 2], [5, 0]]])), SIGNAL),
    # reductions
    'mean': (lambda: Apply(lambda x: x.mean(2)), SIGNAL),
    'sum': (lambda: Apply(lambda x: x.sum((2, 3))), PLANE),
    'max-over-axis': (lambda: Apply(lambda x: x.amax(2)), SIGNAL),
    'min-over-axis': (lambda: Apply(lambda x: x.amin(2)), SIGNAL),
    'l1-norm': (lambda: Apply(lambda x: x.abs().sum(2)), SIGNAL),
    'l2-norm': (lambda: Apply(lambda x: x.norm(dim=2)), SIGNAL),
    'variance': (lambda: Apply(lambda x: x.var(2)), SIGNAL),
    'log-sum-exp': (lambda: Apply(lambda x: torch.logsumexp(x, 2)), SIGNAL),
    'product': (lambda: Apply(lambda x: x.prod(1, keepdim=True)), (3,)),
    # of two values
    'residual': (Residual, PLANE),
    'squeeze-excite': (SqueezeExcite, PLANE),
    'glu': (lambda: nn.GLU(1), VECTOR),
    'product-of-halves': (lambda: Apply(lambda x: x[:, :4] * x[:, 4:]), VECTOR),
    'maximum': (lambda: Apply(lambda x: torch.maximum(x[:, :4], x[:, 4:])), VECTOR),
    'minimum': (lambda: Apply(lambda x: torch.minimum(x[:, :4], x[:, 4:])), VECTOR),
    'where': (lambda: Apply(lambda x: torch.where(x[:, :4] > x[:, 4:], x[:, :4], 2 * x[:, 4:])), VECTOR),
    'matmul-of-itself': (lambda: Apply(lambda x: x @ x.transpose(1, 2)), SIGNAL),
    # whole layers
    'lstm': (lambda: First(nn.LSTM(8, 4, batch_first=True)), SIGNAL),
    'gru': (lambda: First(nn.GRU(8, 4, batch_first=True)), SIGNAL),
    'attention': (SelfAttention, (3, 4)),
    'transformer-layer': (lambda: nn.TransformerEncoderLayer(4, 2, 8, batch_first=True), (3, 4)),
}


def build(name):
    """@returns the model in eval mode and the shape of its rows"""
    make, shape = MODULES[name]
    torch.manual_seed(len(name))
    return Scores(make(), shape).eval(), shape
