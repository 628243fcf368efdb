"""Correct answers to ``10_metrics``, at least two for each exercise, each thought differently."""

import torch
import torch.nn.functional as F


def confusion_matrix_bincount(pred, target, num_classes):
    pairs = num_classes * target.flatten() + pred.flatten()
    return pairs.bincount(minlength=num_classes * num_classes).view(num_classes, num_classes)


def confusion_matrix_one_hot(pred, target, num_classes):
    rows = F.one_hot(target.reshape(-1), num_classes)
    columns = F.one_hot(pred.reshape(-1), num_classes)
    return (rows.double().T @ columns.double()).long()


def confusion_matrix_accumulate(pred, target, num_classes):
    matrix = torch.zeros(num_classes, num_classes, dtype=torch.int64, device=pred.device)
    return matrix.index_put_((target, pred), torch.ones_like(pred), accumulate=True)


def confusion_matrix_compare(pred, target, num_classes):
    classes = torch.arange(num_classes, device=pred.device)
    is_row = target.flatten() == classes[:, None, None]
    is_column = pred.flatten() == classes[:, None]
    return (is_row & is_column).sum(dim=-1)


def confusion_matrix_scatter(pred, target, num_classes):
    flat = pred.new_zeros(num_classes**2)
    pairs = (target * num_classes + pred).ravel()
    flat.scatter_add_(0, pairs, torch.ones_like(pairs))
    return flat.unflatten(0, (num_classes, num_classes))


def confusion_matrix_histogram(pred, target, num_classes):
    cells = num_classes**2
    pairs = (target * num_classes + pred).double()
    counts = torch.histc(pairs, bins=cells, min=-0.5, max=cells - 0.5)
    return counts.reshape(num_classes, -1).to(torch.int64)


def accuracy_mean(pred, target):
    return (pred == target).double().mean().item() if pred.numel() else 0.0


def accuracy_count(pred, target):
    return torch.count_nonzero(pred.eq(target)).item() / max(1, target.numel())


def accuracy_wrong(pred, target):
    """By what is wrong; a difference of 0 is right."""
    difference = (pred - target).flatten()
    if len(difference) == 0:
        return 0.0
    return 1 - int(difference.ne(0).sum()) / len(difference)


def accuracy_nan(pred, target):
    return float((pred == target).float().mean().nan_to_num(0.0))


def precision_counts(pred, target):
    tp = ((pred == 1) & (target == 1)).sum().item()
    fp = ((pred == 1) & (target == 0)).sum().item()
    return tp / (tp + fp) if tp + fp > 0 else 0.0


def precision_index(pred, target):
    chosen = target[pred == 1]
    return chosen.double().mean().item() if chosen.numel() else 0.0


def precision_product(pred, target):
    return float((pred * target).sum() / pred.sum().clamp(min=1))


def precision_nan(pred, target):
    hits = (pred & target).sum().float()
    return torch.nan_to_num(hits / pred.sum(), nan=0.0).item()


def recall_counts(pred, target):
    tp = ((pred == 1) & (target == 1)).sum().item()
    fn = ((pred == 0) & (target == 1)).sum().item()
    return tp / (tp + fn) if tp + fn > 0 else 0.0


def recall_index(pred, target):
    found = pred[target.bool()]
    return found.sum().item() / found.numel() if found.numel() else 0


def recall_dot(pred, target):
    pred, target = pred.reshape(-1).double(), target.reshape(-1).double()
    positives = target @ target
    return (pred @ target / positives).item() if positives else 0.0


def specificity_counts(pred, target):
    tn = ((pred == 0) & (target == 0)).sum().item()
    fp = ((pred == 1) & (target == 0)).sum().item()
    return tn / (tn + fp) if tn + fp > 0 else 0.0


def specificity_rest(pred, target):
    """One minus the share of class 0 that is taken for class 1."""
    negatives = (target == 0).sum().item()
    alarms = (pred > target).sum().item()
    return 1 - alarms / negatives if negatives else 0.0


def specificity_opposite(pred, target):
    """The recall where the classes are exchanged."""
    pred, target = 1 - pred, 1 - target
    return (torch.sum(pred * target) / target.sum().clamp(min=1)).item()


def f_beta_classes(pred, target, beta, average):
    def counts(c):
        p, t = pred == c, target == c
        return torch.stack([(p & t).sum(), (p & ~t).sum(), (~p & t).sum()]).double()

    def score(n):
        tp, fp, fn = n.tolist()
        below = (1 + beta**2) * tp + beta**2 * fn + fp
        return (1 + beta**2) * tp / below if below else 0.0

    if average == "binary":
        return score(counts(1))
    each = [counts(c) for c in torch.cat([pred.flatten(), target.flatten()]).unique()]
    if not each:
        return 0.0
    if average == "micro":
        return score(sum(each))
    return sum(score(n) for n in each) / len(each)


def f_beta_matrix(pred, target, beta, average):
    """By precision and recall of all classes at once; micro is accuracy."""
    if not pred.numel():
        return 0.0
    size = 1 + max(1, int(pred.max()), int(target.max()))
    pairs = (target * size + pred).flatten()
    matrix = torch.bincount(pairs, minlength=size * size).reshape(size, size).double()
    if average == "micro":
        return (matrix.trace() / matrix.sum()).item()
    precision = (matrix.diag() / matrix.sum(0)).nan_to_num(0)
    recall = (matrix.diag() / matrix.sum(1)).nan_to_num(0)
    f = (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
    f = f.nan_to_num(0)
    if average == "binary":
        return f[1].item()
    return f[matrix.sum(0) + matrix.sum(1) > 0].mean().item()


def f_beta_lengths(pred, target, beta, average):
    """By how many are predicted, how many are true, and how many are both."""
    classes = torch.unique(torch.cat([pred.reshape(-1), target.reshape(-1)]))
    if average == "binary":
        classes = torch.ones(1, dtype=torch.int64, device=pred.device)
    predicted = pred.reshape(-1, 1) == classes
    true = target.reshape(-1, 1) == classes
    both = (predicted & true).sum(dim=0)
    sums = beta**2 * true.sum(dim=0) + predicted.sum(dim=0)
    if average == "micro":
        both, sums = both.sum(), sums.sum()
    scores = torch.where(sums > 0, (1 + beta**2) * both / sums, 0.0)
    return scores.mean().item() if scores.numel() else 0.0


def k_fold_tensor_split(n, k, generator):
    folds = torch.randperm(n, generator=generator).tensor_split(k)
    return [(torch.cat(folds[:i] + folds[i + 1 :]), folds[i]) for i in range(k)]


def k_fold_dealt(n, k, generator):
    """Every k-th of a shuffled deck."""
    order = torch.randperm(n, generator=generator)
    fold = torch.arange(n) % k
    return [(order[fold != i], order[fold == i]) for i in range(k)]


def k_fold_numbers(n, k, generator):
    """Shuffles the numbers of the folds, not the indices; the large folds come last."""
    fold = (torch.arange(n) * k // n)[torch.rand(n, generator=generator).argsort()]
    return [((fold != i).nonzero().flatten(), (fold == i).nonzero()[:, 0]) for i in range(k)]


def k_fold_lists(n, k, generator):
    order = torch.randperm(n, generator=generator).tolist()
    pairs, start = [], 0
    for i in range(k):
        end = start + n // k + (i < n % k)
        train = order[:start] + order[end:]
        pairs.append((torch.tensor(sorted(train)), torch.tensor(sorted(order[start:end]))))
        start = end
    return pairs


def roc_curve_compare(scores, target):
    thresholds = torch.cat([scores.new_tensor([torch.inf]), scores.unique().flip(0)])
    above = scores >= thresholds[:, None]
    tp = (above & (target == 1)).sum(dim=1)
    fp = (above & (target == 0)).sum(dim=1)
    tpr = tp / tp[-1].clamp(min=1)
    fpr = fp / fp[-1].clamp(min=1)
    return fpr.to(scores.dtype), tpr.to(scores.dtype), thresholds


def roc_curve_cumsum(scores, target):
    ordered, order = scores.sort(descending=True)
    hits = target[order].to(scores.dtype)
    last = torch.ones_like(ordered, dtype=torch.bool)
    last[:-1] = ordered[1:] != ordered[:-1]
    tp, fp = hits.cumsum(0)[last], (1 - hits).cumsum(0)[last]
    tpr, fpr = (F.pad(counts, (1, 0)) / max(counts[-1].item(), 1) for counts in (tp, fp))
    return fpr, tpr, F.pad(ordered[last], (1, 0), value=torch.inf)


def roc_curve_search(scores, target):
    """Looks up how many of each class lie below a threshold."""
    thresholds = torch.cat([scores.unique(), scores.new_tensor([torch.inf])]).flip(0)

    def rate(of_class):
        own = of_class.sort().values
        return 1 - torch.searchsorted(own, thresholds).to(scores.dtype) / max(len(own), 1)

    fpr, tpr = rate(scores[target == 0]), rate(scores[target == 1])
    if not target.any():
        tpr = torch.zeros_like(tpr)
    if target.all():
        fpr = torch.zeros_like(fpr)
    return fpr, tpr, thresholds


def roc_curve_counted(scores, target):
    """Counts each of the different scores with its classes."""
    levels, place = torch.unique(scores, return_inverse=True)
    counts = torch.zeros(2, len(levels), dtype=torch.float64, device=scores.device)
    counts.index_put_((target, place), counts.new_ones(()), accumulate=True)
    rates = F.pad(counts.flip(1).cumsum(1), (1, 0))
    rates = (rates / rates[:, -1:]).nan_to_num(0).to(scores.dtype)
    return rates[0], rates[1], F.pad(levels.flip(0), (1, 0), value=float("inf"))


def auc_slices(x, y):
    return ((x[1:] - x[:-1]) * (y[1:] + y[:-1]) / 2).sum().item()


def auc_dot(x, y):
    return float(torch.dot(x.diff(), y[:-1] + y.diff() / 2))


def auc_rectangles(x, y):
    """Half way between the sums of left and of right rectangles."""
    widths = x.diff()
    return 0.5 * ((widths * y[1:]).sum() + (widths * y[:-1]).sum()).item()


def auc_numpy(x, y):
    widths, heights = x.diff().cpu().numpy(), (y[1:] + y[:-1]).cpu().numpy() / 2
    return float((widths * heights).sum())


def roc_auc_pairs(scores, target):
    positive, negative = scores[target == 1], scores[target == 0]
    wins = (positive[:, None] > negative).float() + 0.5 * (positive[:, None] == negative).float()
    return wins.mean().item() if wins.numel() else 0.0


def roc_auc_sign(scores, target):
    apart = scores[target == 1].unsqueeze(1) - scores[target == 0]
    return float((apart.sign() + 1).sum() / 2) / max(apart.numel(), 1)


def roc_auc_trapezoids(scores, target):
    above = scores >= scores.unique().flip(0)[:, None]
    tpr = F.pad((above & (target == 1)).sum(dim=1), (1, 0)) / (target == 1).sum()
    fpr = F.pad((above & (target == 0)).sum(dim=1), (1, 0)) / (target == 0).sum()
    return torch.trapezoid(tpr, fpr).nan_to_num(0).item()


def roc_auc_ranks(scores, target):
    """The rank sum of Wilcoxon, with mean ranks for ties."""
    below = (scores < scores[:, None]).sum(dim=1)
    equal = (scores == scores[:, None]).sum(dim=1)
    ranks = below + (equal + 1) / 2
    n = int(target.sum())
    pairs = n * (len(target) - n)
    return (ranks[target == 1].sum().item() - n * (n + 1) / 2) / pairs if pairs else 0.0


def average_precision_compare(scores, target):
    above = scores >= scores.unique().flip(0)[:, None]
    tp = (above & (target == 1)).sum(dim=1)
    precision = tp / above.sum(dim=1)
    recall = tp / target.sum().clamp(min=1)
    return (recall.diff(prepend=recall.new_zeros(1)) * precision).sum().item()


def average_precision_cumsum(scores, target):
    ordered, order = scores.sort(descending=True)
    tp = target[order].cumsum(0)
    precision = tp / torch.arange(1, len(tp) + 1, device=tp.device)
    last = torch.cat([ordered.diff() != 0, torch.ones_like(target[:1], dtype=torch.bool)])
    steps = torch.diff(F.pad(tp[last], (1, 0)))
    return float((steps * precision[last]).sum()) / max(int(tp[-1]), 1)


def average_precision_of_each_positive(scores, target):
    """The mean, over the positives, of the precision at their own scores."""
    own = scores[target == 1]
    if not len(own):
        return 0.0
    above = (scores >= own[:, None]).double()
    return ((above @ target.double()) / above.sum(dim=1)).mean().item()


def average_precision_from_below(scores, target):
    """From the lowest threshold to the highest, as curves of recall are often kept."""
    thresholds = scores.unique()
    above = (scores >= thresholds[:, None]).to(scores.dtype)
    hits = above * target
    precision = hits.sum(1) / above.sum(1)
    recall = hits.sum(1) / max(target.sum().item(), 1)
    return float(-(F.pad(recall, (0, 1)).diff() * precision).sum())


def _overlap(one, other):
    """The IoU of two boxes given as lists of numbers."""
    width = max(0.0, min(one[2], other[2]) - max(one[0], other[0]))
    height = max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
    sizes = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    union = sizes - width * height
    return width * height / union if union > 0 else 0.0


def _overlaps(a, b):
    a, b = a.unsqueeze(1), b.unsqueeze(0)
    sides = torch.min(a[..., 2:], b[..., 2:]) - torch.max(a[..., :2], b[..., :2])
    both = torch.relu(sides).prod(-1)
    union = torch.prod(a[..., 2:] - a[..., :2], -1) + torch.prod(b[..., 2:] - b[..., :2], -1) - both
    return torch.nan_to_num(both / union, nan=0.0)


def box_iou_corner_by_corner(a, b):
    (ax1, ay1, ax2, ay2), (bx1, by1, bx2, by2) = a.unsqueeze(2).unbind(1), b.unbind(1)
    width = (ax2.minimum(bx2) - ax1.maximum(bx1)).clamp(min=0)
    height = (ay2.minimum(by2) - ay1.maximum(by1)).clamp_min(0)
    inter = width * height
    union = (ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - inter
    iou = inter / union
    return iou.masked_fill(union == 0, 0)


def box_iou_broadcast_nan_to_num(a, b):
    return _overlaps(a, b)


def box_iou_sizes_of_all_pairs(a, b):
    n, m = len(a), len(b)
    left, right = a.repeat_interleave(m, dim=0), b.repeat(n, 1)
    corners = torch.stack([left, right])
    low, high = corners[..., :2].amax(0), corners[..., 2:].amin(0)
    inter = torch.where((high > low).all(1), (high - low).prod(1), 0)
    areas = (corners[..., 2:] - corners[..., :2]).prod(-1).sum(0)
    result = torch.zeros_like(inter)
    some = areas > 0
    result[some] = inter[some] / (areas - inter)[some]
    return result.view(n, m)


def box_iou_along_each_axis(a, b):
    inter = 1
    for axis in (0, 1):
        ends = torch.minimum(a[:, None, axis + 2], b[None, :, axis + 2])
        inter = inter * F.relu(ends - torch.maximum(a[:, None, axis], b[None, :, axis]))
    areas = [(x[:, 2] - x[:, 0]) * (x[:, 3] - x[:, 1]) for x in (a, b)]
    union = torch.add(*torch.meshgrid(*areas, indexing="ij")) - inter
    return inter / union.clamp(min=torch.finfo(a.dtype).tiny)


def nms_shrinking_order(boxes, scores, threshold):
    order = torch.argsort(scores, descending=True)
    kept = []
    while order.numel() > 0:
        best = order[0]
        kept.append(best)
        order = order[1:][_overlaps(boxes[best][None], boxes[order[1:]])[0] <= threshold]
    return torch.stack(kept) if kept else torch.empty(0, dtype=torch.int64, device=boxes.device)


def nms_whole_table_and_mask(boxes, scores, threshold):
    order = scores.sort(descending=True).indices
    overlap = _overlaps(boxes[order], boxes[order]) > threshold
    dropped = torch.zeros(len(boxes), dtype=torch.bool, device=boxes.device)
    for i in range(len(boxes)):
        if not dropped[i]:
            dropped[i + 1 :] |= overlap[i, i + 1 :]
    return order[~dropped]


def nms_lists(boxes, scores, threshold):
    corners, kept = boxes.tolist(), []
    for i in sorted(range(len(corners)), key=scores.tolist().__getitem__, reverse=True):
        if all(_overlap(corners[i], corners[k]) <= threshold for k in kept):
            kept.append(i)
    return torch.tensor(kept, dtype=torch.long, device=boxes.device)


def nms_argmax_of_a_copy(boxes, scores, threshold):
    left = scores.clone().double()
    kept = scores.new_zeros(0, dtype=torch.int64)
    while left.isfinite().any():
        best = left.argmax().reshape(1)
        kept = torch.cat((kept, best))
        left[_overlaps(boxes[best], boxes)[0] > threshold] = -torch.inf
        left[best] = -torch.inf
    return kept


def nms_until_nothing_changes(boxes, scores, threshold):
    order = scores.argsort(descending=True)
    drops = (_overlaps(boxes[order], boxes[order]) > threshold).triu(diagonal=1)
    kept = torch.ones(len(boxes), dtype=torch.bool, device=boxes.device)
    for _ in range(len(boxes)):
        kept = ~(drops & kept[:, None]).any(dim=0)
    return order[kept]


def batched_nms_same_label_in_the_table(boxes, scores, labels, threshold):
    order = scores.argsort(descending=True)
    drops = (_overlaps(boxes, boxes) > threshold) & (labels.unsqueeze(1) == labels)
    kept = []
    for i in order.tolist():
        if not drops[kept, i].any():
            kept.append(i)
    return torch.tensor(kept, dtype=torch.int64, device=boxes.device)


def batched_nms_class_by_class(boxes, scores, labels, threshold):
    keep = torch.zeros_like(labels, dtype=torch.bool)
    for label in labels.unique():
        mine = (labels == label).nonzero().squeeze(1)
        keep[mine[nms_shrinking_order(boxes[mine], scores[mine], threshold)]] = True
    kept = keep.nonzero(as_tuple=True)[0]
    return kept[scores[kept].argsort(descending=True)]


def batched_nms_moved_apart(boxes, scores, labels, threshold):
    if len(boxes) == 0:
        return torch.zeros(0, dtype=torch.int64, device=boxes.device)
    away = labels.to(boxes.dtype) * (boxes.max() - boxes.min() + 1)
    return nms_whole_table_and_mask(boxes + away.view(-1, 1), scores, threshold)


def batched_nms_dictionary(boxes, scores, labels, threshold):
    kept = {}
    ranked = zip(scores.tolist(), range(len(boxes)), labels.tolist(), strict=True)
    for score, i, label in sorted(ranked, reverse=True):
        others = kept.setdefault(label, [])
        if not any(_overlap(boxes[i].tolist(), box) > threshold for box, *_ in others):
            others.append((boxes[i].tolist(), score, i))
    best = sorted((each for others in kept.values() for each in others), key=lambda each: -each[1])
    return torch.tensor([i for *_, i in best], dtype=torch.int64, device=boxes.device)


def mean_average_precision_tensors(detections, truths, threshold):
    labels = torch.cat([t["labels"] for t in truths]).unique() if truths else torch.empty(0)
    areas = []
    for label in labels:
        scores, hits, total = [], [], 0
        for found, true in zip(detections, truths, strict=True):
            boxes = true["boxes"][true["labels"] == label]
            mine = found["labels"] == label
            order = found["scores"][mine].argsort(descending=True)
            total += len(boxes)
            hit = torch.zeros(len(order), dtype=torch.bool, device=label.device)
            if len(boxes):
                best = _overlaps(found["boxes"][mine][order], boxes).max(dim=1)
                free = torch.ones(len(boxes), dtype=torch.bool, device=label.device)
                for i, (value, j) in enumerate(zip(best.values, best.indices, strict=True)):
                    if value >= threshold and free[j]:
                        hit[i], free[j] = True, False
            scores.append(found["scores"][mine][order])
            hits.append(hit)
        hits = torch.cat(hits)[torch.cat(scores).argsort(descending=True)].float()
        precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1, device=hits.device)
        precision = precision.flip(0).cummax(0).values.flip(0) if len(hits) else precision
        areas.append((precision * hits).sum() / total)
    return torch.stack(areas).mean().item() if areas else 0.0


def mean_average_precision_lists(detections, truths, threshold):
    labels = {label for image in truths for label in image["labels"].tolist()}
    result = 0.0
    for label in labels:
        free = {
            (n, i): box
            for n, image in enumerate(truths)
            for i, box in enumerate(image["boxes"].tolist())
            if image["labels"][i] == label
        }
        everything, taken, total = dict(free), set(), len(free)
        found = sorted(
            (-score, n, box)
            for n, image in enumerate(detections)
            for i, (box, score) in enumerate(
                zip(image["boxes"].tolist(), image["scores"].tolist(), strict=True)
            )
            if image["labels"][i] == label
        )
        curve, right = [(0.0, 1.0)], 0
        for number, (_, n, box) in enumerate(found, start=1):
            here = [(_overlap(box, other), key) for key, other in everything.items() if key[0] == n]
            overlap, key = max(here, default=(-1.0, None), key=lambda each: each[0])
            if overlap >= threshold and key not in taken:
                taken.add(key)
                right += 1
            curve.append((right / total, right / number))
        for k in range(1, len(curve)):
            step = curve[k][0] - curve[k - 1][0]
            result += step * max(precision for _, precision in curve[k:]) / len(labels)
    return result


def mean_average_precision_devkit(detections, truths, threshold):
    """As the evaluation of PASCAL VOC is usually written."""
    values = []
    for label in sorted({int(c) for t in truths for c in t["labels"]}):
        gt = [t["boxes"][t["labels"] == label] for t in truths]
        used = [torch.zeros(len(g)) for g in gt]
        entries = []
        for n, d in enumerate(detections):
            for k in (d["labels"] == label).nonzero().flatten():
                entries.append((d["scores"][k].item(), n, d["boxes"][k]))
        entries.sort(key=lambda entry: entry[0], reverse=True)
        tp, fp = torch.zeros(len(entries)), torch.zeros(len(entries))
        for i, (_, n, box) in enumerate(entries):
            best, place = -1.0, None
            for j, other in enumerate(gt[n]):
                overlap = _overlap(box.tolist(), other.tolist())
                if overlap > best:
                    best, place = overlap, j
            if best >= threshold and not used[n][place]:
                used[n][place] = 1
                tp[i] = 1
            else:
                fp[i] = 1
        tp, fp = tp.cumsum(0), fp.cumsum(0)
        recall = F.pad(tp / sum(map(len, gt)), (1, 1))
        recall[-1] = 1
        precision = F.pad(tp / (tp + fp), (1, 1))
        for i in range(len(precision) - 2, -1, -1):
            precision[i] = max(precision[i], precision[i + 1])
        values.append(((recall[1:] - recall[:-1]) * precision[1:]).sum().item())
    return sum(values) / len(values) if values else 0.0


def ods_ois_all_at_once(scores, targets, thresholds):
    edge = scores[None] >= thresholds.view(-1, 1, 1, 1)
    tp = (edge & targets).flatten(2).sum(2).float()
    wrong = (edge ^ targets).flatten(2).sum(2).float()

    def f(tp, wrong):
        return torch.nan_to_num(2 * tp / (2 * tp + wrong), nan=0.0)

    ods = f(tp.sum(1), wrong.sum(1)).max()
    best, images = f(tp, wrong).argmax(0), torch.arange(len(scores), device=scores.device)
    return ods.item(), f(tp[best, images].sum(), wrong[best, images].sum()).item()


def ods_ois_loops(scores, targets, thresholds):
    def f(tp, fp, fn):
        precision = tp / (tp + fp) if tp + fp else 0.0
        recall = tp / (tp + fn) if tp + fn else 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    pooled = [[0, 0, 0] for _ in thresholds]
    own = [0, 0, 0]
    for score, target in zip(scores, targets, strict=True):
        best, chosen = -1.0, None
        for sums, threshold in zip(pooled, thresholds, strict=True):
            edge = score >= threshold
            pairs = ((edge, target), (edge, ~target), (~edge, target))
            counts = [torch.logical_and(one, two).sum().item() for one, two in pairs]
            sums[:] = [before + more for before, more in zip(sums, counts, strict=True)]
            if f(*counts) > best:
                best, chosen = f(*counts), counts
        own = [before + more for before, more in zip(own, chosen, strict=True)]
    return max(f(*sums) for sums in pooled), f(*own)


def ods_ois_precision_and_recall_in_float32(scores, targets, thresholds):
    target = targets.float()
    tp = torch.stack([((scores >= t) * target).sum((1, 2)) for t in thresholds])
    found = torch.stack([(scores >= t).float().sum((1, 2)) for t in thresholds])
    edges = target.sum((1, 2)).expand_as(tp)

    def f(tp, found, edges):
        precision, recall = tp / found.clamp(min=1), tp / edges.clamp(min=1)
        return 2 * precision * recall / (precision + recall).clamp(min=1e-12)

    ods = f(tp.sum(1), found.sum(1), edges.sum(1)).max()
    best = f(tp, found, edges).max(dim=0, keepdim=True).indices
    ois = f(*(each.gather(0, best).sum() for each in (tp, found, edges)))
    return float(ods), float(ois)
